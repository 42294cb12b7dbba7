package main

// helpZH holds the Chinese help texts, by command and flag. What is missing
// here would show its English help; a test keeps it complete.
var helpZH = map[string]string{
	"--help":    "显示帮助。",
	"--lang":    "输出语言：en 或 zh。默认取自环境变量（LC_ALL、LC_MESSAGES、LANG）。",
	"--version": "显示版本号。",

	"inspect":                  "这张照片是不是由其中某张图改成的？改了哪里？",
	"inspect <claim>":          "买家随售后申请发来的照片，或存放照片的文件夹。",
	"inspect --trust":          "可为内容凭证（C2PA）作证的证书（PEM），文件或文件夹；不给则不信任任何签名者。",
	"inspect --ordered-at":     "下单时间，例如 2026-11-01 或 2026-11-01T09:30:00+08:00。",
	"inspect --delivered-at":   "签收时间，写法同上。",
	"inspect --delivered-near": "收货地点的“纬度,经度”，单位为度，例如 31.23,121.47。",
	"inspect --reference":      "用来比对的商品图或打包照片，也可以是文件夹；可以给出多次。",
	"inspect --json":           "以 JSON 格式输出鉴定发现。",
	"inspect --html":           "把两张图并排对照的报告写入这个文件。",
	"inspect --jobs":           "同时处理的图片数。默认每个处理器核心一张。",

	"hash":        "输出图片的 PDQ 哈希值及其质量（0 到 100）。",
	"hash <file>": "图片文件。",

	"label":                "为图片或视频的副本写入 AIGC 元数据隐式标识（GB 45438-2025）。",
	"label <in>":           "JPEG、PNG、WebP 或 MP4 文件，不会被改动。",
	"label <out>":          "带标识副本的文件名；不能与已有文件同名。",
	"label --label":        "标识属性。1：属于人工智能生成合成内容；2：可能（用户已声明）；3：疑似（检测到痕迹）。",
	"label --producer":     "生成服务提供者编码：0011、18 位统一社会信用代码和 5 位数字依次相连。",
	"label --produce-id":   "内容制作编号。",
	"label --propagator":   "传播服务提供者编码，格式同上。",
	"label --propagate-id": "内容传播编号。",

	"samples":           "画出商品并为它们拍照：诚实的售后照片、伪造的照片，以及各自的真相。",
	"samples <dir>":     "写入的文件夹；之前已经写好的内容会保留。",
	"samples --seed":    "决定画出的一切；种子相同，文件就相同。",
	"samples --width":   "照片宽度（像素）；高度是宽度的四分之三。",
	"samples --product": "只画这些商品（可重复给出，或用逗号分隔）。",
	"samples --pairs":   "另外在 DIR/pairs 下为每一类写出 N 对图片，供 evenhand eval 使用。",
	"samples --kind":    "只写这些类别的图片对。",

	"eval":          "在已知真相的图片对上，测量同源检验的准确程度。",
	"eval <dir>":    "含有 same/NAME 和 other/NAME 的文件夹，每个 NAME 内有 reference.* 和 claim.*。",
	"eval --travel": "再为每张照片制作 N 份经过裁剪、缩放、重压缩、滤镜、截屏和贴纸的副本。",
	"eval --seed":   "决定这些副本经历什么。",
	"eval --jobs":   "同时处理的图片对数。默认每个处理器核心一对。",
	"eval --json":   "以 JSON 格式输出各项数字。",
	"eval --misses": "列出每一次漏检和误报及其数据。",
	"eval --cases":  "与 --json 同用，输出每一次比对。",
}
