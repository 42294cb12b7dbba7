package traces

// Names of generators, as they stand in the fields that name the program a
// file was made by. A name is one word in a field of a word or two; the same
// word in a sentence is somebody's remark, so longNamed bounds the value.

// longNamed is the longest value, in bytes, that is a program's name and
// version and no prose: the longest met is "Adobe Photoshop Lightroom Classic
// 13.0 (Macintosh)" with two of its kind behind each other.
const longNamed = 120

// named is a generator by its name.
type named struct {
	name  string
	match string
	// device is true for names that no camera, phone or computer has: they are
	// looked for in maker and model as well.
	device bool
	source string // empty where the name is all there is
}

// programs are the fields that hold a program's name and nothing else's.
func programs() []string {
	return []string{
		"exif.Software", "exif.ProcessingSoftware", "xmp.CreatorTool", "xmp.softwareAgent", "xmp.Software", "xmp.AISystemUsed", "iptc.Program",
		"text.Software", "text.Source", "text.Generator", "text.Creator Tool", "text.CreatorTool", "text.©too", "text.©swr", "text.com.apple.quicktime.software",
	}
}

// devices are the fields where a camera's name should stand.
func devices() []string { return []string{"exif.Make", "exif.Model", "exif.HostComputer"} }

// names lists the generators. What the words could mean elsewhere decides how
// strictly they are matched: "豆包手机" is a telephone, "Gemini" is a telephone's model (Planet
// Computers), "Imagen" Spanish for a picture, "Sora" and "Vidu" are people,
// "Spark" a series of phones, "Firefly" phones and action cameras (Hawkeye) that write it as their software too, "Meta AI" the app that fetches photos from
// camera glasses (Ray-Ban Meta), so that one is not here at all.
func names() []named {
	const removers = "listed with the marks and metadata of services by wiltodelta/remove-ai-watermarks, README (2026-09)"
	return []named{
		{"Adobe Firefly", `\bAdobe Firefly\b`, true, ""},
		{"Adobe Firefly", `^Firefly (Image|Video|Vector|Design|Services|Boards|API)\b`, false, ""},
		{"ChatGPT or DALL-E", `\b(ChatGPT|OpenAI|GPT-?4o|gpt-image|DALL[-·. ]?E\b)`, true, removers},
		{"Sora", `^(OpenAI )?Sora( ?[12])?( ?Turbo)?$`, false, ""},
		{"FLUX", `\bFLUX[. ]?[12]\b|^FLUX( (dev|pro|schnell|Kontext)\b.*)?$`, false, ""},
		{"Stable Diffusion", `\bStable ?Diffusion\b|\bSDXL\b|\bStability AI\b|\bDreamStudio\b|\bDraw Things\b`, true, ""},
		{"Midjourney", `\bMidjourney\b`, true, removers},
		{"Gemini", `^(Made with )?(Google )?Gemini( ?\d[\d.]*)?( (Pro|Flash|Ultra|Advanced|App|Image)\b.*)?$`, false, removers},
		{"Imagen", `^(Google )?Imagen([ -]?\d[\w. -]*)?$`, false, ""},
		{"Nano Banana", `\bNano[ -]?Banana\b`, true, removers},
		{"Veo", `^(Google )?Veo ?\d[\d.]*\b`, false, ""},
		{"Grok", `^(xAI )?Grok\b( ?(\d|Imagine|AI).*)?$|\bxAI Grok\b`, false, removers},
		{"Meta Imagine", `\bImagined? with (Meta )?AI\b|\bMeta AI Imagine\b`, true, ""},
		{"Microsoft image creator", `\bBing Image Creator\b|^(Microsoft )?Copilot\b|\bMAI-Image\b|^Microsoft Designer$`, false, removers},
		{"Doubao, Jimeng or Seedream", `豆包([^手]|$)|\bDoubao\b|^Dola( AI)?$|即梦|\bJimeng\b|\bDreamina\b|\bSeedream\b|\bSeedEdit\b|\bSeedance\b`, true, removers},
		{"Tongyi, Qwen or Wan", `通义|千问|\bTongyi\b|\bWanxiang\b|\bQwen(-?Image)?\b|\bWan ?\d\.\d`, true, removers},
		{"Kling", `可灵|\bKling( ?AI)?\b|\bKolors\b`, true, removers},
		{"Wenxin", `文心一[格言]|\bYiGe\b|\bERNIE-?(ViLG|Bot|Image|\d)`, true, ""},
		{"Hunyuan or Yuanbao", `混元|腾讯元宝|^元宝$|\bHun[- ]?yuan\b|\bYuanbao\b`, true, ""},
		{"LiblibAI", `哩布哩布|\bLib ?lib( ?AI|\.?art)?\b`, true, ""},
		{"Hailuo or MiniMax", `海螺 ?AI|\bHailuo\b|^MiniMax( ?AI| ?Image.*)?$`, true, removers},
		{"Zhipu", `智谱|清影|\bCogView\b|\bCogVideo|\bChatGLM\b`, true, ""},
		{"iFlytek Spark", `讯飞星火|\biFlytek Spark\b`, true, ""},
		{"SenseTime Miaohua", `商汤秒画|^秒画$|\bSenseMirage\b`, true, ""},
		{"Step", `阶跃星辰|\bStep1X(-Edit)?\b`, true, ""},
		{"Vidu", `^Vidu( ?AI)?( ?Q?\d[\d.]*)?$`, false, ""},
		{"PixVerse", `\bPixVerse\b`, true, ""},
		{"Ideogram", `\bIdeogram\b`, true, ""},
		{"Leonardo.Ai", `\bLeonardo\.? ?AI\b`, true, ""},
		{"Recraft", `\bRecraft\b`, true, ""},
		{"Krea", `^Krea( ?AI)?\b`, false, ""},
		{"Runway", `^Runway( ?ML)?( Gen-?\d.*)?$`, false, ""},
		{"Pika", `^Pika( Labs| ?\d[\d.]*)?$`, false, ""},
		{"Luma", `\bLuma (AI|Labs|Dream Machine)\b`, true, ""},
		{"Higgsfield", `\bHiggsfield\b`, true, removers},
		{"SeaArt", `\bSeaArt\b`, true, ""},
		{"Tensor.Art", `\bTensor\.Art\b`, true, ""},
		{"Civitai", `\bCivitai\b`, true, ""},
		{"NightCafe", `\bNightCafe\b`, true, ""},
		{"Reve", `^Reve( Image)?( ?\d[\d.]*)?$`, false, ""},
	}
}

// generatorNames are the rows of names.
func generatorNames() []Row {
	var out []Row
	for _, n := range names() {
		row := Row{Name: n.name, Kind: Generated, In: programs(), Match: n.match, Longest: longNamed, Source: n.source, Date: "2026-11"}
		if n.device {
			row.In = append(row.In, devices()...)
		}
		if row.Source == "" {
			row.Source = name
		}
		out = append(out, row)
	}
	return out
}
