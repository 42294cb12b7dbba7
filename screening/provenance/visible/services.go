package visible

// service is one way in which a service marks what it makes.
type service struct {
	// words are the mark as it is shown.
	words string
	// plain is true where the words also mean other things, or where the service
	// makes more than pictures: then they count only where they stand alone in a
	// corner, and prove little: an honest photo of a phone's screen may show them.
	plain bool
	// source and date say where the mark is from; empty: it is the service's own
	// name, which is what marks are made of, and no document shows the mark.
	source, date string
}

// removers is a public tool that takes such marks off again, which lists those
// it knows by their looks.
const removers = "wiltodelta/remove-ai-watermarks, README and marks that it knows"

// services are the marks of today's services beyond the words of labels. What
// holds "AI生成" or "AI-generated", such as 千问AI生成, is read without its name.
var services = []service{
	{words: "豆包AI", source: removers, date: "2026-09"},
	{words: "即梦AI", source: removers, date: "2026-09"},
	{words: "可灵AI"},
	{words: "海螺AI", source: removers, date: "2026-09"},
	{words: "星绘AI"},
	{words: "通义万相"},
	{words: "文心一格"},
	{words: "智谱清影"},
	{words: "Hailuo AI", source: removers, date: "2026-09"},
	{words: "Kling AI", source: removers, date: "2026-09"},
	{words: "Jimeng AI"},
	{words: "Dreamina", source: removers, date: "2026-09"},
	{words: "Seedream"},
	{words: "Doubao AI"},
	{words: "LiblibAI"},
	{words: "PixVerse"},
	{words: "Midjourney"},
	{words: "Grok Imagine", source: removers, date: "2026-09"},
	{words: "Nano Banana", source: removers, date: "2026-09"},
	{words: "Bing Image Creator"},
	{words: "Tongyi Wanxiang"},
	{words: "Hunyuan AI"},
	{words: "Leonardo Ai"},
	{words: "Ideogram"},
	{words: "CogView"},

	{words: "腾讯元宝", plain: true},
	{words: "元宝", plain: true},
	{words: "元宝AI", plain: true},
	{words: "腾讯混元", plain: true},
	{words: "混元", plain: true},
	{words: "通义千问", plain: true, source: removers, date: "2026-09"},
	{words: "千问", plain: true, source: removers, date: "2026-09"},
	{words: "千问AI", plain: true, source: removers, date: "2026-09"},
	{words: "文心一言", plain: true},
	{words: "智谱清言", plain: true},
	{words: "清影", plain: true},
	{words: "讯飞星火", plain: true},
	{words: "秒画", plain: true},
	{words: "星绘", plain: true},
	{words: "Hailuo", plain: true, source: removers, date: "2026-09"},
	{words: "Kling", plain: true, source: removers, date: "2026-09"},
	{words: "Dola AI", plain: true, source: removers, date: "2026-09"},
	{words: "Sora", plain: true, source: removers, date: "2026-09"},
	{words: "Veo", plain: true, source: removers, date: "2026-09"},
	{words: "Gemini", plain: true},
	{words: "Grok", plain: true},
	{words: "Copilot", plain: true},
	{words: "ChatGPT", plain: true},
	{words: "OpenAI", plain: true},
	{words: "Vidu", plain: true},
	{words: "Vidu AI", plain: true},
	{words: "Tongyi", plain: true},
	{words: "Qwen", plain: true},
	{words: "Qwen AI", plain: true},
	{words: "Wan AI", plain: true},
	{words: "Hunyuan", plain: true},
	{words: "Yuanbao", plain: true},
	{words: "MiniMax", plain: true},
	{words: "Runway", plain: true},
	{words: "Luma AI", plain: true},
	{words: "Recraft", plain: true},
}
