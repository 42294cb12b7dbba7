package traces

import "slices"

// Kind says what a trace stands for.
type Kind string

// The kinds of trace.
const (
	// Generated: the file says that a model made the picture.
	Generated Kind = "generated"
	// AIEdited: the file says that a model changed part of it.
	AIEdited Kind = "ai_edited"
	// Labelled: a service's own field says that the content is AI's, because a
	// model made it, or because its user or an effect declared it.
	Labelled Kind = "labelled"
	// Hinted: a field that services which offer AI write, without saying that
	// this picture is AI's.
	Hinted Kind = "hinted"
	// Edited: the name of an ordinary editor. Half of all honest pictures that
	// are cropped or brightened carry one.
	Edited Kind = "edited"
)

// Row is one line of the table: a trace and how to know it.
type Row struct {
	// Name is the software as people call it.
	Name string
	Kind Kind
	// In lists the fields looked at, as names of fields.go.
	In []string
	// Match is a regular expression (RE2) that the value must contain,
	// whatever its case.
	Match string
	// Also, where set, is one that some other value among AlsoIn must contain.
	Also   string
	AlsoIn []string
	// Longest is how long the value may be, in bytes; 0 is any length.
	Longest int
	// Source and Date say where the row's fact is from and when it was last
	// looked at, year and month.
	Source, Date string
}

// Fields that name the software that wrote a file. Prose (descriptions,
// captions) is left out on purpose: a buyer may well write "is this Flux?".
func software() []string {
	return []string{"exif.Software", "exif.HostComputer", "exif.Make", "xmp.CreatorTool", "xmp.softwareAgent", "xmp.AISystemUsed", "text.Software", "text.Source", "iptc.Program"}
}

func credit() []string {
	return []string{"xmp.Credit", "iptc.Credit", "exif.Artist", "exif.Copyright"}
}

// name is a source for rows that rest on a product's own name alone: no
// document says what the product writes, so they catch what it signs.
const name = "the product's own name; no public description of its metadata"

// Table returns all rows. To add one, add a line here and a line to the test's
// list; docs/provenance-traces.md says what evidence a row needs.
func Table() []Row {
	return slices.Concat(standards(), generators(), bytedance(), generatorNames(), editors())
}

// standards are fields that say AI outright, whoever writes them.
func standards() []Row {
	const iptc = "IPTC NewsCodes, Digital Source Type; IPTC Photo Metadata Standard"
	return []Row{
		{Name: "IPTC digital source type", Kind: Generated, In: []string{"xmp.DigitalSourceType", "xmp.DigitalSourcefileType"}, Match: `(^|/)trainedAlgorithmicMedia\s*$`, Source: iptc, Date: "2026-11"},
		{Name: "IPTC digital source type", Kind: AIEdited, In: []string{"xmp.DigitalSourceType", "xmp.DigitalSourcefileType"}, Match: `(^|/)(compositeWithTrainedAlgorithmicMedia|compositeSynthetic)\s*$`, Source: iptc, Date: "2026-11"},
		{Name: "IPTC AI system", Kind: Generated, In: []string{"xmp.AISystemUsed"}, Match: `\S`, Source: "IPTC Photo Metadata Standard 2025.1", Date: "2026-11"},
		{Name: "IPTC AI prompt", Kind: Generated, In: []string{"xmp.AIPromptInformation", "xmp.AIPromptWriterName", "xmp.AISystemVersionUsed"}, Match: `\S`, Source: "IPTC Photo Metadata Standard 2025.1", Date: "2026-11"},
	}
}

func generators() []Row {
	parameters := []string{"text.parameters", "exif.UserComment", "comment", "text.Comment", "text.Description"}
	return []Row{
		{Name: "Stable Diffusion WebUI", Kind: Generated, In: parameters, Match: `\bSteps: \d+, (Sampler|Schedule type|CFG scale|Seed)`, Source: "AUTOMATIC1111/stable-diffusion-webui, infotext; Forge and reForge write the same", Date: "2026-11"},
		{Name: "Fooocus", Kind: Generated, In: []string{"text.fooocus_scheme", "text.parameters", "exif.UserComment", "exif.Software", "exif.MakerNote"}, Match: `^(fooocus|a1111)$|\bfooocus\b`, Source: "lllyasviel/Fooocus, modules/meta_parser.py", Date: "2026-11"},
		{Name: "SwarmUI", Kind: Generated, In: parameters, Match: `"sui_image_params"`, Source: "mcmonkeyprojects/SwarmUI, image metadata format", Date: "2026-11"},
		{Name: "ComfyUI", Kind: Generated, In: []string{"text.prompt", "text.workflow", "exif.Make", "exif.Model", "exif.ImageDescription", "exif.UserComment"}, Match: `"class_type"\s*:|"last_node_id"\s*:`, Source: "comfyanonymous/ComfyUI, SaveImage and SaveAnimatedWEBP", Date: "2026-11"},
		{Name: "InvokeAI", Kind: Generated, In: []string{"text.invokeai_metadata", "text.invokeai_graph", "text.invokeai_workflow", "text.sd-metadata", "text.Dream"}, Match: `\S`, Source: "invoke-ai/InvokeAI, image metadata", Date: "2026-11"},
		{Name: "NovelAI", Kind: Generated, In: []string{"text.Software", "text.Source", "text.Title", "exif.Software", stealthField}, Match: `\bNovelAI\b`, Source: "NovelAI/novelai-image-metadata", Date: "2026-11"},
		{Name: "hidden Stable Diffusion parameters", Kind: Generated, In: []string{stealthField}, Match: `.`, Source: "ashen-sensored/sd_webui_stealth_pnginfo", Date: "2026-11"},
		{Name: "Midjourney", Kind: Generated, In: []string{"text.Description", "xmp.description", "exif.ImageDescription", "iptc.Caption"}, Match: `\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, Source: "Midjourney downloads; issue 3 of this project", Date: "2026-11"},
		{Name: "Grok", Kind: Generated, In: []string{"exif.Artist"}, Match: `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, Also: `^Signature:\s*\S{20,}`, AlsoIn: []string{"exif.ImageDescription", "exif.UserComment", "exif.Copyright"}, Source: "Grok downloads; issue 3 of this project", Date: "2026-11"},
		{Name: "Google AI", Kind: Generated, In: credit(), Match: `^Made with Google AI`, Source: "Google Photos and Gemini, credit line (9to5google.com, 2024-10-24)", Date: "2026-11"},
		{Name: "ChatGPT or DALL-E", Kind: Generated, In: credit(), Match: `\b(ChatGPT|OpenAI|DALL[-·. ]?E\b)`, Source: name, Date: "2026-11"},
		{Name: "Midjourney", Kind: Generated, In: credit(), Match: `\bMidjourney\b`, Source: name, Date: "2026-11"},
		{Name: "Google AI", Kind: AIEdited, In: credit(), Match: `^Edited with Google AI`, Source: "Google Photos (Magic Editor and others), credit line (9to5google.com, 2024-10-24)", Date: "2026-11"},
		{Name: "Magic Editor", Kind: AIEdited, In: software(), Match: `\bMagic (Editor|Eraser)\b`, Source: name, Date: "2026-11"},
		{Name: "Apple Photos Clean Up", Kind: AIEdited, In: credit(), Match: `^Apple Photos Clean Up`, Source: "Apple Photos, credit line beside compositeWithTrainedAlgorithmicMedia", Date: "2026-11"},
		{Name: "Samsung generative edit", Kind: AIEdited, In: []string{samsungField}, Match: `genAIType\\*"?\s*:\s*\\*"?[1-9]`, Source: "Samsung trailer as listed by ExifTool (Samsung.pm, ReEditData); the field is undocumented", Date: "2026-11"},
		{Name: "FLUX", Kind: Generated, In: software(), Match: `Black Forest Labs|\bAI generated;(txt|img)2img`, Source: "black-forest-labs/flux, src/flux/util.py", Date: "2026-11"},
	}
}

// bytedance are the rows of the field that ByteDance's services write: Jimeng
// and CapCut beside what they make, TikTok and Douyin beside every film, with a
// type of 0 where it is not AI's.
func bytedance() []Row {
	const key = `["']?aigc_(label_)?type\\*["']?\s*[:=]\s*\\*["']?`
	own := []string{"text.aigc_info", "text.AigcInfo", "text.com.aigc_info", "text.com.bytedance.aigc_info", "xmp.aigc_info"}
	texts := []string{"exif.UserComment", "exif.ImageDescription", "comment", "text.Comment", "text.Information", "text.©cmt", "text.Description", "xmp.description"}
	const seen = "files of TikTok, Douyin and Jimeng as others describe them: aigc_label_type 0 for what is not AI's, 1 and 2 for what is; Jimeng's aigc_type"
	return []Row{
		{Name: "ByteDance aigc_info", Kind: Labelled, In: append(own, texts...), Match: key + `[1-9]`, Source: seen, Date: "2026-11"},
		{Name: "ByteDance aigc_info", Kind: Hinted, In: own, Match: `\S`, Source: seen, Date: "2026-11"},
		{Name: "ByteDance aigc_info", Kind: Hinted, In: texts, Match: `["']?aigc_info\\*["']?\s*[:=]|` + key + `0`, Source: seen, Date: "2026-11"},
	}
}

func editors() []Row {
	rows := []Row{{Name: "Samsung photo editor", Kind: Edited, In: []string{samsungField}, Match: `PhotoEditor_Re_Edit_Data`, Source: "Samsung trailer as listed by ExifTool (Samsung.pm, ReEditData)", Date: "2026-11"}}
	for _, e := range [][2]string{
		{"Adobe Photoshop", `\bPhotoshop\b`},
		{"Adobe Lightroom", `\bLightroom\b`},
		{"GIMP", `\bGIMP\b`},
		{"Meitu", `\bMeitu|美图|\bBeautyPlus\b|\bBeautyCam\b|美颜相机`},
		{"Xingtu", `\bXingtu\b|醒图|\bHypic\b`},
		{"CapCut", `\bCapCut\b|剪映|\bJianying\b`},
		{"Snapseed", `\bSnapseed\b`},
		{"Picsart", `\bPicsArt\b`},
		{"VSCO", `\bVSCO\b`},
		{"Canva", `\bCanva\b`},
		{"Pixelmator", `\bPixelmator\b`},
		{"paint.net", `\bpaint\.net\b`},
		{"WPS", `\bWPS (Office|图片)`},
		{"Affinity Photo", `\bAffinity Photo\b`},
		{"B612", `\bB612\b`},
		{"Faceu", `\bFaceu\b|轻颜`},
	} {
		rows = append(rows, Row{Name: e[0], Kind: Edited, In: software(), Match: e[1], Source: name, Date: "2026-11"})
	}
	return rows
}
