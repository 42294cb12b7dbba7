import type { Words } from "@/words/language";

export const viewerWords: Words<{
  modes: { slider: string; side: string; blink: string; difference: string; single: string };
  claim: string;
  reference: string;
  references: string;
  referencesAndAngles: string;
  evidence: string;
  stage: string;
  split: string;
  layers: string;
  altered: string;
  places: string;
  fit: string;
  actual: string;
  bigger: string;
  smaller: string;
  whole: string;
  blinkHint: string;
  noReference: string;
  noAlign: string;
  failed: string;
  keyFrames: string;
  frameAt: string;
  made: string;
  none: string;
  noneButWords: string;
  listing: string;
  packing: string;
  other: string;
  angle: string;
  carried: string;
  uncarried: string;
  statement: string;
  original: string;
  noFilm: string;
}> = {
  zh: {
    modes: { slider: "滑动对比", side: "并排", blink: "闪烁", difference: "差异", single: "只看申请图" },
    claim: "申请图",
    reference: "对照图",
    references: "对照图",
    referencesAndAngles: "对照图与其他角度",
    evidence: "证据",
    stage: "申请图与对照图对比",
    split: "对比分界线",
    layers: "图层",
    altered: "改动区域",
    places: "其他标记",
    fit: "适合窗口",
    actual: "原始像素",
    bigger: "放大",
    smaller: "缩小",
    whole: "全屏",
    blinkHint: "按住 B 键或按钮，看对照图",
    noReference: "这笔订单没有可供对照的图片",
    noAlign: "这张对照图与申请图对不上：没有发现同源画面，两边可以分别移动",
    failed: "图片打不开",
    keyFrames: "关键帧",
    frameAt: "跳到",
    made: "取自",
    none: "没有图片或视频证据",
    noneButWords: "没有图片或视频；文字说明见下方“双方陈述”",
    listing: "商品主图",
    packing: "打包记录",
    other: "其他申请的图",
    angle: "另一角度",
    carried: "同一申请的另一张照片。虚线框是按两图几何关系推算出的同一位置，请对照框内是否有同样的损伤",
    uncarried: "同一申请的另一张照片。无法推算出同一位置，两边可以分别移动",
    statement: "文字说明",
    original: "原始文件",
    noFilm: "浏览器播放不了这种视频格式，可以下载原始文件查看。",
  },
  en: {
    modes: { slider: "Slider", side: "Side by side", blink: "Blink", difference: "Difference", single: "Claim only" },
    claim: "Claim photo",
    reference: "Reference",
    references: "References",
    referencesAndAngles: "References and other angles",
    evidence: "Evidence",
    stage: "The claim photo compared with the reference",
    split: "Where the two meet",
    layers: "Layers",
    altered: "Altered places",
    places: "Other marks",
    fit: "Fit",
    actual: "Real pixels",
    bigger: "Zoom in",
    smaller: "Zoom out",
    whole: "Full screen",
    blinkHint: "Hold B, or this button, to see the reference",
    noReference: "This order has no picture to compare with",
    noAlign: "This reference and the claim photo do not align: nothing in common was found, and each moves by itself",
    failed: "The picture cannot be shown",
    keyFrames: "Key frames",
    frameAt: "Go to",
    made: "Made from",
    none: "There is no photo or video",
    noneButWords: "There is no photo or video; what was written stands under “Both sides”",
    listing: "Listing",
    packing: "Packing",
    other: "Another claim's",
    angle: "Another angle",
    carried:
      "Another photo of the same claim. The dashed frame is where the place must lie there, by the geometry of the two: look whether the damage is in it",
    uncarried:
      "Another photo of the same claim. Where the place lies in it could not be worked out, and each moves by itself",
    statement: "Statement",
    original: "Original file",
    noFilm: "This browser cannot play the video; download the original to see it.",
  },
};
