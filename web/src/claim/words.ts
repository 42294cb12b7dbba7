import type { Words } from "@/words/language";

/** What both sides' pages of a claim say. */
export const claimWords: Words<{
  story: string;
  photos: string;
  ofBuyer: string;
  ofMerchant: string;
  ofShop: string;
  noPhotos: string;
  statement: string;
  wordsComing: string;
  wordsAway: string;
  examined: string;
  examining: string;
  open: string;
  close: string;
  previous: string;
  next: string;
  video: string;
  original: string;
  cannotShow: string;
  copyAsked: string;
  copyLater: string;
  copyAway: string;
  timeline: string;
  order: string;
  ofUnits: (n: number, of: number) => string;
  orderNo: string;
  delivered: string;
  notDelivered: string;
  placed: string;
  claimNo: string;
  dossier: string;
  dossierAbout: string;
  dossierDone: string;
  evidenceAdded: (n: number) => string;
  evidenceSeen: (n: number) => string;
  until: string;
  copied: string;
  copy: string;
  camera: string;
  gallery: string;
  sending: string;
  queued: string;
  offline: string;
  failed: string;
  arrived: string;
  twice: (slot: string) => string;
  retry: string;
  remove: string;
  empty: string;
  kind: string;
  large: string;
  more: string;
  appealStops: (what: string) => string;
}> = {
  zh: {
    story: "买家说",
    photos: "照片和视频",
    ofBuyer: "买家提交",
    ofMerchant: "商家提交",
    ofShop: "商品图与打包记录",
    noPhotos: "没有照片",
    statement: "文字说明",
    wordsComing: "正在读取文字",
    wordsAway: "暂时取不到这份文字。",
    examined: "已检测",
    examining: "检测中",
    open: "查看大图",
    close: "关闭",
    previous: "上一张",
    next: "下一张",
    video: "视频",
    original: "单独打开",
    cannotShow: "浏览器无法显示这种格式，请单独打开或下载查看。",
    copyAsked: "没有显示出来，正在查看原因",
    copyLater: "给你看的副本还没有准备好，稍后会自动显示。",
    copyAway: "暂时取不到这个文件，稍后会自动重试。",
    timeline: "进展",
    order: "订单",
    ofUnits: (n, of) => `申请 ${n} 件（共 ${of} 件）`,
    orderNo: "订单号",
    delivered: "签收",
    notDelivered: "尚未签收",
    placed: "下单",
    claimNo: "申请编号",
    dossier: "下载证据包",
    dossierAbout: "包含申请、证据原件和处理记录，带签名，可离线验证真伪。",
    dossierDone: "正在下载证据包",
    evidenceAdded: (n) => `补充了 ${n} 份证据`,
    evidenceSeen: (n) => `完成 ${n} 份证据的检测`,
    until: "截止",
    copied: "已复制",
    copy: "复制编号",
    camera: "拍照",
    gallery: "从相册选",
    sending: "上传中",
    queued: "等待上传",
    offline: "等待网络恢复",
    failed: "没有传上去",
    arrived: "已上传",
    twice: (slot) => `同一文件已在“${slot}”中，无需重复上传；如需补充，请另拍一份。`,
    retry: "重试",
    remove: "移除",
    empty: "文件是空的，请换一个。",
    kind: "请选照片或视频。",
    large: "文件太大：照片不超过 100 MB，视频不超过 2 GB。",
    more: "加载更多",
    appealStops: (what) => `平台已接到通知：${what}。申诉后会暂停执行，以复审结果为准。`,
  },
  en: {
    story: "In the buyer's words",
    photos: "Photos and videos",
    ofBuyer: "From the buyer",
    ofMerchant: "From the shop",
    ofShop: "Listing and packing pictures",
    noPhotos: "No photos",
    statement: "Written statement",
    wordsComing: "Fetching the words",
    wordsAway: "These words cannot be fetched at the moment.",
    examined: "Examined",
    examining: "Being examined",
    open: "Look closely",
    close: "Close",
    previous: "Previous",
    next: "Next",
    video: "Video",
    original: "Open in a new tab",
    cannotShow: "This browser cannot show the format. Open it in a new tab, or download it.",
    copyAsked: "It did not come; looking why",
    copyLater: "The copy that you may see is not ready yet. It appears here by itself.",
    copyAway: "This file cannot be fetched at the moment. It is tried again by itself.",
    timeline: "What happened",
    order: "Order",
    ofUnits: (n, of) => `${n} of ${of} units claimed`,
    orderNo: "Order",
    delivered: "Delivered",
    notDelivered: "Not delivered yet",
    placed: "Ordered",
    claimNo: "Claim",
    dossier: "Download the dossier",
    dossierAbout: "The claim, the original files and the record, signed, to be checked offline by anybody.",
    dossierDone: "The dossier is being downloaded",
    evidenceAdded: (n) => (n === 1 ? "A piece of evidence was added." : `${n} pieces of evidence were added.`),
    evidenceSeen: (n) => (n === 1 ? "A piece of evidence was examined." : `${n} pieces of evidence were examined.`),
    until: "Until",
    copied: "Copied",
    copy: "Copy the number",
    camera: "Take a photo",
    gallery: "Gallery",
    sending: "Sending",
    queued: "Waiting its turn",
    offline: "Waiting for the connection",
    failed: "Not sent",
    arrived: "Sent",
    twice: (slot) => `This very file is here already, under “${slot}”; to show more, take another one.`,
    retry: "Try again",
    remove: "Remove",
    empty: "This file is empty; please choose another.",
    kind: "Please choose a photo or a video.",
    large: "Too large: photos up to 100 MB, videos up to 2 GB.",
    more: "Load more",
    appealStops: (what) =>
      `The platform has already been told to carry out ${what}. If you appeal, that stops until the appeal is decided.`,
  },
};
