extension Catalogue {
  /// Every architecture, from small to large within a family.
  public static let all: [Architecture] = [
    Architecture(
      "simple", .plain, "three convolutions, for a first look and for debugging",
      minimumSize: 8, parameters: 109_890,
      multiplyAdds: 476_889_344),
    Architecture(
      "small", .plain, "four convolutions (U-policies on CheXpert, 2019)",
      minimumSize: 16, parameters: 241_218,
      multiplyAdds: 592_478_464),
    Architecture(
      "medium", .plain, "four convolutions, between simple and resnet18",
      minimumSize: 16, parameters: 421_954,
      multiplyAdds: 708_116_736),
    Architecture(
      "fractalnet", .fractalnet, "fractal columns without residuals (Larsson et al. 2017)",
      minimumSize: 32, parameters: 33_717_058,
      multiplyAdds: 41_242_264_576),
    Architecture(
      "vgg19", .vgg, "plain convolutions (Simonyan & Zisserman 2015)",
      minimumSize: 32, parameters: 139_577_282,
      multiplyAdds: 19_570_171_904,
      tags: ["tv_in1k"]),
    Architecture(
      "vgg19_bn", .vgg, "the same with batch normalisation",
      minimumSize: 32, parameters: 139_588_290,
      multiplyAdds: 19_570_171_904,
      tags: ["tv_in1k"]),
    Architecture(
      "resnet18", .resnet, "residual network of 18 layers (He et al. 2016)",
      minimumSize: 32, parameters: 11_171_266,
      multiplyAdds: 1_734_886_400,
      tags: ["tv_in1k", "a1_in1k"]),
    Architecture(
      "resnet34", .resnet, "residual network of 34 layers (He et al. 2016)",
      minimumSize: 32, parameters: 21_279_426,
      multiplyAdds: 3_584_574_464,
      tags: ["tv_in1k", "a1_in1k"],
      aliases: ["tv_resnet34": "tv_in1k"]),
    Architecture(
      "resnet50", .resnet, "residual network of 50 layers (He et al. 2016)",
      minimumSize: 32, parameters: 23_505_858,
      multiplyAdds: 4_008_464_384,
      tags: ["tv_in1k", "a1_in1k", "tv2_in1k"],
      aliases: ["tv_resnet50": "tv_in1k"]),
    Architecture(
      "resnet101", .resnet, "residual network of 101 layers (He et al. 2016)",
      minimumSize: 32, parameters: 42_497_986,
      multiplyAdds: 7_720_685_568,
      tags: ["tv_in1k", "a1_in1k", "tv2_in1k"],
      aliases: ["tv_resnet101": "tv_in1k"]),
    Architecture(
      "densenet121", .densenet, "densely connected network of 121 layers (Huang et al. 2017)",
      minimumSize: 29, parameters: 6_949_634,
      multiplyAdds: 2_754_463_744,
      tags: ["tv_in1k", "ra_in1k"]),
    Architecture(
      "densenet169", .densenet, "densely connected network of 169 layers (Huang et al. 2017)",
      minimumSize: 29, parameters: 12_481_538,
      multiplyAdds: 3_279_506_688,
      tags: ["tv_in1k"]),
    Architecture(
      "densenet201", .densenet, "densely connected network of 201 layers (Huang et al. 2017)",
      minimumSize: 29, parameters: 18_090_498,
      multiplyAdds: 4_210_773_760,
      tags: ["tv_in1k"]),
    Architecture(
      "legacy_xception", .xception, "separable convolutions (Chollet 2017)",
      minimumSize: 32, defaultSize: 299, parameters: 20_810_474,
      multiplyAdds: 8_342_571_816,
      tags: ["tf_in1k"],
      aliases: ["xception": "tf_in1k"]),
    Architecture(
      "mnasnet_100", .efficientnet, "searched for phones (Tan et al. 2019)",
      minimumSize: 32, parameters: 3_104_298,
      multiplyAdds: 305_913_088,
      tags: ["rmsp_in1k"],
      aliases: ["mnasnet1_0": "rmsp_in1k", "mnasnet_b1": "rmsp_in1k"]),
    Architecture(
      "efficientnet_b0", .efficientnet, "EfficientNet B0 (Tan & Le 2019)",
      minimumSize: 32, parameters: 4_009_534,
      multiplyAdds: 377_311_968,
      tags: ["ra_in1k", "ra4_e3600_r224_in1k"]),
    Architecture(
      "efficientnet_b4", .efficientnet, "EfficientNet B4 (Tan & Le 2019)",
      minimumSize: 32, defaultSize: 320, parameters: 17_551_338,
      multiplyAdds: 3_039_780_192,
      tags: ["ra2_in1k"]),
    Architecture(
      "efficientnet_b5", .efficientnet, "EfficientNet B5 (Tan & Le 2019)",
      minimumSize: 32, defaultSize: 448, parameters: 28_344_018,
      multiplyAdds: 9_358_978_112,
      tags: ["sw_in12k_ft_in1k", "sw_in12k"]),
    Architecture(
      "tf_efficientnet_b0", .efficientnet,
      "EfficientNet B0 (Tan & Le 2019) with TensorFlow's borders",
      minimumSize: 32, parameters: 4_009_534,
      multiplyAdds: 377_311_968,
      tags: ["ns_jft_in1k", "aa_in1k", "ap_in1k", "in1k"],
      aliases: ["tf_efficientnet_b0_ap": "ap_in1k", "tf_efficientnet_b0_ns": "ns_jft_in1k"]),
    Architecture(
      "tf_efficientnet_b4", .efficientnet,
      "EfficientNet B4 (Tan & Le 2019) with TensorFlow's borders",
      minimumSize: 32, defaultSize: 380, parameters: 17_551_338,
      multiplyAdds: 4_360_792_208,
      tags: ["ns_jft_in1k", "aa_in1k", "ap_in1k", "in1k"],
      aliases: ["tf_efficientnet_b4_ap": "ap_in1k", "tf_efficientnet_b4_ns": "ns_jft_in1k"]),
    Architecture(
      "tf_efficientnet_b5", .efficientnet,
      "EfficientNet B5 (Tan & Le 2019) with TensorFlow's borders",
      minimumSize: 32, defaultSize: 456, parameters: 28_344_018,
      multiplyAdds: 10_219_426_672,
      tags: ["ns_jft_in1k", "aa_in1k", "ap_in1k", "in1k", "ra_in1k"],
      aliases: ["tf_efficientnet_b5_ap": "ap_in1k", "tf_efficientnet_b5_ns": "ns_jft_in1k"]),
    Architecture(
      "regnety_008", .regnet, "RegNetY of 0.8 G multiply-adds (Radosavovic et al. 2020)",
      minimumSize: 32, parameters: 5_495_130,
      multiplyAdds: 789_185_024,
      tags: ["pycls_in1k"]),
    Architecture(
      "convnext_tiny", .convnext, "tiny ConvNeXt (Liu et al. 2022)",
      minimumSize: 32, parameters: 27_818_594,
      multiplyAdds: 4_445_131_008,
      tags: ["in12k_ft_in1k", "fb_in22k_ft_in1k", "fb_in1k", "fb_in22k", "fb_in22k_ft_in1k_384"],
      aliases: [
        "convnext_tiny_in22ft1k": "fb_in22k_ft_in1k",
        "convnext_tiny_384_in22ft1k": "fb_in22k_ft_in1k_384", "convnext_tiny_in22k": "fb_in22k",
      ]),
    Architecture(
      "convnext_base", .convnext, "base ConvNeXt (Liu et al. 2022)",
      minimumSize: 32, parameters: 87_564_418,
      multiplyAdds: 15_340_862_464,
      tags: ["fb_in22k_ft_in1k", "fb_in1k", "fb_in22k", "fb_in22k_ft_in1k_384"],
      aliases: [
        "convnext_base_in22ft1k": "fb_in22k_ft_in1k",
        "convnext_base_384_in22ft1k": "fb_in22k_ft_in1k_384", "convnext_base_in22k": "fb_in22k",
      ]),
    Architecture(
      "convnext_large", .convnext, "large ConvNeXt (Liu et al. 2022)",
      minimumSize: 32, parameters: 196_227_266,
      multiplyAdds: 34_340_633_088,
      tags: ["fb_in22k_ft_in1k", "fb_in1k", "fb_in22k", "fb_in22k_ft_in1k_384"],
      aliases: [
        "convnext_large_in22ft1k": "fb_in22k_ft_in1k",
        "convnext_large_384_in22ft1k": "fb_in22k_ft_in1k_384", "convnext_large_in22k": "fb_in22k",
      ]),
    Architecture(
      "resmlp_36_224", .mixer, "perceptrons without normalisation (Touvron et al. 2021)",
      minimumSize: 16, sizeStep: 16, parameters: 44_109_650,
      multiplyAdds: 8_873_927_424,
      tags: ["fb_distilled_in1k", "fb_in1k"],
      aliases: ["resmlp_36_distilled_224": "fb_distilled_in1k"]),
    Architecture(
      "mixer_b16_224", .mixer, "perceptrons across tokens and channels (Tolstikhin et al. 2021)",
      minimumSize: 16, sizeStep: 16, parameters: 58_719_794,
      multiplyAdds: 12_523_931_136,
      tags: ["goog_in21k_ft_in1k", "miil_in21k_ft_in1k", "goog_in21k", "miil_in21k"]),
    Architecture(
      "deit3_small_patch16_224", .vit, "small vision transformer (Touvron et al. 2022)",
      minimumSize: 16, sizeStep: 16, parameters: 21_478_658,
      multiplyAdds: 4_559_963_904,
      tags: ["fb_in22k_ft_in1k", "fb_in1k"],
      aliases: ["deit3_small_patch16_224_in21ft1k": "fb_in22k_ft_in1k"]),
    Architecture(
      "vit_base_patch16_224", .vit, "vision transformer (Dosovitskiy et al. 2021)",
      minimumSize: 16, sizeStep: 16, parameters: 85_406_978,
      multiplyAdds: 17_485_991_424,
      tags: ["augreg2_in21k_ft_in1k", "augreg_in21k_ft_in1k", "augreg_in1k", "orig_in21k_ft_in1k"]),
    Architecture(
      "beit_base_patch16_224", .beit, "transformer trained on masked pictures (Bao et al. 2022)",
      minimumSize: 16, sizeStep: 16, parameters: 85_370_306,
      multiplyAdds: 17_485_991_424,
      tags: ["in22k_ft_in22k_in1k", "in22k_ft_in22k"],
      aliases: ["beit_base_patch16_224_in22k": "in22k_ft_in22k"]),
    Architecture(
      "beit_large_patch16_224", .beit, "the same, large",
      minimumSize: 16, sizeStep: 16, parameters: 302_883_330,
      multiplyAdds: 61_450_930_176,
      tags: ["in22k_ft_in22k_in1k", "in22k_ft_in22k"],
      aliases: ["beit_large_patch16_224_in22k": "in22k_ft_in22k"]),
    Architecture(
      "swin_base_patch4_window7_224", .swin, "attention in shifted windows (Liu et al. 2021)",
      minimumSize: 224, sizeStep: 224, parameters: 86_741_178,
      multiplyAdds: 15_417_079_808,
      tags: ["ms_in22k_ft_in1k", "ms_in1k", "ms_in22k"],
      aliases: ["swin_base_patch4_window7_224_in22k": "ms_in22k"]),
    Architecture(
      "levit_256", .levit, "transformer in a pyramid (Graham et al. 2021)",
      minimumSize: 32, sizeStep: 16, parameters: 17_869_352,
      multiplyAdds: 1_119_010_048,
      tags: ["fb_dist_in1k"]),
    Architecture(
      "levit_384", .levit, "the same, wider",
      minimumSize: 32, sizeStep: 16, parameters: 37_593_048,
      multiplyAdds: 2_339_415_936,
      tags: ["fb_dist_in1k"]),
    Architecture(
      "mobilevit_xs", .mobilevit, "convolutions and transformers (Mehta & Rastegari 2022)",
      minimumSize: 64, sizeStep: 64, defaultSize: 256, parameters: 1_933_330,
      multiplyAdds: 1_020_809_984,
      tags: ["cvnets_in1k"]),
    Architecture(
      "efficientformer_l1", .efficientformer, "pooling, attention last (Li et al. 2022)",
      minimumSize: 32, sizeStep: 32, parameters: 11_393_292,
      multiplyAdds: 1_284_971_520,
      tags: ["snap_dist_in1k"]),
  ]
}
