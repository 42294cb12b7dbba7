import type { Words } from "@/words/language";
import type { Fault } from "./dossier";

export const checkWords: Words<{
  title: string;
  about: string;
  drop: string;
  choose: string;
  another: string;
  local: string;
  remote: string;
  reading: (part: string) => string;
  sending: string;
  stop: string;
  tooLarge: string;
  notZip: string;
  genuine: string;
  genuineAbout: string;
  foreign: string;
  foreignAbout: string;
  altered: string;
  alteredAbout: string;
  nothing: string;
  nothingAbout: string;
  whole: string;
  wholeYes: (n: number) => string;
  wholeNo: (n: number) => string;
  wholeSeal: string;
  signed: string;
  signedYes: string;
  signedNo: string;
  claim: string;
  made: string;
  key: string;
  files: string;
  file: string;
  size: string;
  result: string;
  same: string;
  states: { missing: string; changed: string; extra: string };
  found: string;
  faults: Record<Fault, string>;
  how: string;
  howText: string[];
  offline: string;
  offlineText: string;
  print: string;
  keyless: string;
}> = {
  zh: {
    title: "验证证据包",
    about: "任何人都能核验：证据包是否完整、是否被改动、是否出自本平台。无需登录。",
    drop: "把证据包（.zip）拖到这里",
    choose: "选择文件",
    another: "验证另一份",
    local: "文件在你的设备上核验，不会上传。",
    remote: "这份文件由服务器核验，用后即弃，不留存。",
    reading: (part) => `正在逐份核对，${part}`,
    sending: "正在上传并核对，大文件需要几分钟",
    stop: "停止",
    tooLarge: "文件超过 1 GB，无法在网页上核验。请下载本平台程序，运行 evenhand verify-dossier 文件名。",
    notZip: "证据包是一个 .zip 文件，请换一个。",
    genuine: "完整、未改动，由本平台签发",
    genuineAbout: "其中每份文件都与签发时逐字节相同，没有增加，也没有缺少。",
    foreign: "内容完整，但不是本平台签发",
    foreignAbout:
      "文件彼此吻合，但签名来自另一把密钥。它可能由其他平台、其他人生成，也可能是本平台更换密钥之前的旧件。",
    altered: "不能采信：内容被改动过",
    alteredAbout: "它与签发时不同。差异列在下面。",
    nothing: "这不是证据包",
    nothingAbout: "文件里没有签发清单和签名，或者不是普通的 ZIP 文件，因此什么也无法证明。",
    whole: "完整性",
    wholeYes: (n) => `${n} 份文件全部吻合`,
    wholeNo: (n) => `${n} 份文件不符`,
    wholeSeal: "清单、签名或记录不符",
    signed: "签发方",
    signedYes: "本平台",
    signedNo: "不是本平台的密钥",
    claim: "申请编号",
    made: "导出时间",
    key: "密钥指纹",
    files: "文件清单",
    file: "文件",
    size: "大小",
    result: "结论",
    same: "吻合",
    states: { missing: "缺失", changed: "被改动", extra: "多出" },
    found: "发现的问题",
    faults: {
      not_a_dossier: "不是带有清单和签名的普通 ZIP 文件。",
      layout: "ZIP 内部夹带了多余内容，或同一文件有两种名称，不同程序解压的结果可能不同。",
      name: "有文件名指向别处，或有重名文件。",
      too_large: "文件数量或大小超过证据包的上限。",
      signature: "签名与清单不符，其中之一被改动过。",
      key: "清单中没有可用的签名公钥。",
      other_key: "签名所用的密钥不是本平台现在的密钥。",
      missing: "缺少清单中列出的文件。",
      changed: "有文件与清单不符，内容被改动过。",
      extra: "含有清单中没有的文件。",
      record: "处理记录前后不能衔接，记录被改动过。",
    },
    how: "怎样核验",
    howText: [
      "导出时，平台为每份文件算出 SHA-256 指纹，列成清单，再用自己的私钥（Ed25519）给清单签名。",
      "核验时重新计算每份文件的指纹，与清单比对，再用平台公开的公钥验证签名。改动任何一个字节，指纹都对不上。",
      "处理记录中每一条都包含前一条的指纹，删改其中一条，后面的全部对不上。",
    ],
    offline: "不联网也能核验",
    offlineText: "用平台程序运行下面的命令；或按证据包内“说明.txt”的步骤，用通用工具 openssl 核验。",
    print: "打印结论",
    keyless: "取不到平台公钥",
  },
  en: {
    title: "Check a dossier",
    about:
      "Anybody can check whether a dossier is complete, whether it was altered, and whether it came from here. No account needed.",
    drop: "Drop the dossier (.zip) here",
    choose: "Choose a file",
    another: "Check another",
    local: "The file is checked on your own device and is not sent anywhere.",
    remote: "This file is checked by the server, which keeps nothing of it.",
    reading: (part) => `Comparing file by file, ${part}`,
    sending: "Sending and comparing; a large file takes minutes",
    stop: "Stop",
    tooLarge:
      "The file is larger than 1 GB, too large for this page. Get the Evenhand program and run evenhand verify-dossier FILE.",
    notZip: "A dossier is a .zip file; please choose another.",
    genuine: "Complete, unaltered, and issued by this desk",
    genuineAbout: "Each file in it is byte for byte what was issued. None was added and none is missing.",
    foreign: "Complete, but not issued by this desk",
    foreignAbout:
      "Its files agree with each other, but another key signed them. Another desk or person may have made it, or this desk before it changed its key.",
    altered: "Not to be relied on: it was altered",
    alteredAbout: "It is not what was issued. The differences are listed below.",
    nothing: "This is not a dossier",
    nothingAbout: "It has no signed list of its files, or is no plain ZIP file, so it proves nothing.",
    whole: "Complete",
    wholeYes: (n) => (n === 1 ? "The one file agrees" : `All ${n} files agree`),
    wholeNo: (n) => (n === 1 ? "One file does not agree" : `${n} files do not agree`),
    wholeSeal: "The list, its signature or the record does not agree",
    signed: "Issued by",
    signedYes: "This desk",
    signedNo: "Not this desk's key",
    claim: "Claim",
    made: "Issued",
    key: "Key fingerprint",
    files: "Files",
    file: "File",
    size: "Size",
    result: "Result",
    same: "Agrees",
    states: { missing: "Missing", changed: "Altered", extra: "Added" },
    found: "What is wrong",
    faults: {
      not_a_dossier: "It is not a plain ZIP with a list of its files and a signature.",
      layout:
        "The ZIP hides something between its files or names one in two ways, so programs may unpack it differently.",
      name: "A file has a name that leads elsewhere, or two files have the same name.",
      too_large: "It has more files, or larger ones, than a dossier has.",
      signature: "The signature does not fit the list: one of them was changed.",
      key: "The list names no key that could have signed it.",
      other_key: "It was signed with a key that is not this desk's present one.",
      missing: "A file that was issued is not there.",
      changed: "A file is not the one that was issued: its contents were changed.",
      extra: "There is a file that was not issued with the others.",
      record: "The entries of the record do not follow one another: the record was altered.",
    },
    how: "How it is checked",
    howText: [
      "When a dossier is issued, the desk computes a fingerprint (SHA-256) of each file, lists them, and signs the list with its private key (Ed25519).",
      "Checking computes every fingerprint again, compares it with the list, and tests the signature with the desk's public key. A single changed byte gives another fingerprint.",
      "Each entry of the record carries the fingerprint of the one before, so none can be changed or taken out without the rest falling apart.",
    ],
    offline: "Without a network",
    offlineText:
      "Run this command of the Evenhand program, or follow README.txt in the dossier, which needs nothing but openssl.",
    print: "Print the result",
    keyless: "The desk's key could not be had",
  },
};
