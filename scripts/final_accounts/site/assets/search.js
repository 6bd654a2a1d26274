// How reports are found: by words, by letters of a name in their order (工信局), by pinyin, by words of their text and of
// the names of their subjects and projects, and by amounts as they are printed.
"use strict";

// The first character of each syllable in the order of pinyin that browsers know, with the syllable. Made with pypinyin
// 0.55 (MIT) from the characters U+4E00 to U+9FA5 as Intl.Collator sorts them: of 6,763 common ones 99 % read so.
const SYLLABLES = `
吖a哎ai安an肮ang凹ao丷ba挀bai扳ban邦bang勹bao卑bei奔ben伻beng屄bi边bian灬biao憋bie汃bin冫bing癶bo峬bu嚓ca偲cai参can仓cang撡cao冊ce嵾
cen曽ceng叉cha芆chai辿chan伥chang抄chao车che抻chen阷cheng吃chi充chong抽chou出chu歘chuai巛chuan刅chuang吹chui旾chun逴chuo呲ci
匆cong凑cou粗cu汆cuan崔cui邨cun搓cuo咑da呆dai丹dan当dang刀dao嘚de扥deng氐di嗲dian刁diao爹die丁ding丟diu东dong吺dou厾du耑duan垖dui
吨dun多duo妸e诶ei奀en鞥er发fa帆fan匚fang飞fei分fen丰feng覅fou夫fu旮ga侅gai甘gan冈gang皋gao戈ge给gei根gen刯geng工gong勾gou估gu瓜gua乖
guai关guan光guang归gui丨gun呙guo哈ha咍hai佄han夯hang茠hao诃he黒hei拫hen亨heng噷hong齁hou乎hu花hua怀huai欢huan巟huang灰hui昏hun吙
huo丌ji加jia戋jian江jiang艽jiao阶jie巾jin坕jing冂jiong丩jiu凥ju姢juan噘jue军jun咔ka开kai刊kan忼kang尻kao匼ke肎ken劥keng空kong抠k
ou扝ku夸kua蒯kuai宽kuan匡kuang亏kui坤kun扩kuo垃la来lai兰lan啷lang捞lao仂le勒lei崚leng哩li俩lia奁lian良liang撩liao毟lie拎lin伶lin
g溜liu囖long瞜lou噜lu驴lv娈luan掠lve抡lun啰luo呣ma埋mai嫚man牤mang猫mao嚒me呅mei椚men擝meng咪mi宀mian喵miao乜mie民min名ming谬miu摸
mo麿mou毪mu拏na腉nai囡nan囔nang孬nao疒ne娞nei恁nen能neng嗯n妮ni拈nian娘niang鸟niao捏nie囜nin宁ning妞niu农nong羺nou奴nu女nv奻nuan疟
nve黁nuo喔o讴ou妑pa拍pai眅pan乓pang抛pao呸pei喷pen匉peng丕pi囨pian剽piao蔈pie姘pin乒ping钋po剖pou仆pu七qi掐qia千qian呛qiang悄qiao
苆qie亲qin靑qing卭qiong丘qiu区qu奍quan炔que夋qun呥ran穣rang娆rao惹re人ren扔reng日ri戎rong厹rou邚ru挼ruan婑rui瞤run捼ruo仨sa毢sai三
san桒sang掻sao閪se森sen僧seng杀sha筛shai山shan伤shang弰shao奢she谁shen升sheng尸shi収shou书shu刷shua衰shuai闩shuan双shuang脽sh
ui吮shun说shuo厶si忪song凁sou苏su狻suan夊sui孙sun唆suo他ta囼tai坍tan汤tang夲tao忑te熥teng剔ti天tian旫tiao帖tie厅ting囲tong偷tou凸
tu湍tuan推tui吞tun乇tuo屲wa歪wai弯wan尢wang危wei昷wen翁weng挝wo乌wu夕xi呷xia仙xian乡xiang灱xiao些xie心xin星xing凶xiong休xiu吁xu吅
xuan削xue坃xun丫ya恹yan央yang幺yao倻ye一yi囙yin应ying哟yo佣yong优you込yu囦yuan曰yue晕yun帀za災zai兂zan匨zang傮zao则ze贼zei怎zen増z
eng扎zha夈zhai枬zhan张zhang佋zhao蜇zhe贞zhen凧zheng之zhi中zhong州zhou朱zhu抓zhua跩zhuai专zhuan妆zhuang隹zhui宒zhun拙zhuo乲zi
宗zong邹zou租zu钻zuan厜zui尊zun嘬zuo
`;
// Characters of names that have several readings.
const OTHER_READINGS = {
  地: "di", 会: "hui kuai", 长: "chang zhang", 朝: "chao zhao", 重: "zhong chong", 厦: "sha xia", 行: "xing hang",
  都: "du dou", 藏: "cang zang", 单: "dan shan", 参: "can shen", 曲: "qu", 省: "sheng", 乐: "le yue", 调: "tiao diao",
  校: "xiao", 区: "qu", 查: "cha", 解: "jie xie", 车: "che", 石: "shi", 大: "da", 厂: "chang", 广: "guang", 和: "he",
};

const inPinyin = new Intl.Collator("zh-CN-u-co-pinyin");
const syllables = [...SYLLABLES.replaceAll("\n", "").matchAll(/(\P{ASCII})([a-z]+)/gu)].map(([, first, syllable]) => [
  first,
  syllable,
]);
const readings = new Map();
/** The syllables that a character may be read as; one of another script is itself. */
function readingsOf(character) {
  let found = readings.get(character);
  if (!found) {
    found = [character];
    if (/[\u4e00-\u9fa5]/.test(character)) {
      let [low, high] = [0, syllables.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (inPinyin.compare(syllables[middle][0], character) <= 0) low = middle;
        else high = middle - 1;
      }
      found = [...new Set([syllables[low][1], ...(OTHER_READINGS[character] || "").split(" ")].filter(Boolean))];
    }
    readings.set(character, found);
  }
  return found;
}

/** Characters in pinyin, as one word; other letters as they are. */
const pinyinOf = (characters) => [...characters]
    .map((character) => (OTHER_READINGS[character] || readingsOf(character)[0]).split(" ")[0])
    .join("").replace(/^[a-z]/, (first) => first.toUpperCase());
/** Peoples that autonomous places are named for. */
const PEOPLES = {
  蒙古族: "Mongol", 蒙古: "Mongol", 回族: "Hui", 藏族: "Tibetan", 维吾尔: "Uygur", 苗族: "Miao", 彝族: "Yi", 壮族: "Zhuang",
  布依族: "Bouyei", 朝鲜族: "Korean", 满族: "Manchu", 侗族: "Dong", 瑶族: "Yao", 白族: "Bai", 土家族: "Tujia", 哈尼族: "Hani",
  哈萨克族: "Kazakh", 哈萨克: "Kazakh", 傣族: "Dai", 黎族: "Li", 傈僳族: "Lisu", 佤族: "Va", 畲族: "She", 拉祜族: "Lahu", 水族: "Sui",
  东乡族: "Dongxiang", 纳西族: "Naxi", 景颇族: "Jingpo", 柯尔克孜: "Kirgiz", 土族: "Tu", 达斡尔族: "Daur", 仫佬族: "Mulao", 羌族: "Qiang",
  布朗族: "Blang", 撒拉族: "Salar", 毛南族: "Maonan", 仡佬族: "Gelao", 锡伯: "Xibe", 普米族: "Pumi", 塔吉克: "Tajik", 怒族: "Nu",
  鄂温克族: "Ewenki", 保安族: "Bonan", 裕固族: "Yugur", 独龙族: "Drung", 鄂伦春: "Oroqen", 各族: "Multiethnic",
};
const OF_PEOPLES = new RegExp(`^(.*?)((?:${Object.keys(PEOPLES).join("|")})+)$`, "u");
const EACH_PEOPLE = new RegExp(Object.keys(PEOPLES).join("|"), "gu");
/** Places whose name in English is not their pinyin. */
const OWN_ENGLISH = {
  内蒙古: "Inner Mongolia", 西藏: "Tibet", 陕西: "Shaanxi", 哈尔滨: "Harbin", 呼和浩特: "Hohhot", 乌鲁木齐: "Urumqi", 拉萨: "Lhasa",
};
/** The name of a place without its kind: 伊通满族 is Yitong Manchu, 鄂温克族 is named for its people alone. */
function placeInLetters(stem) {
  if (OWN_ENGLISH[stem]) return OWN_ENGLISH[stem];
  const [, place, peoples] = OF_PEOPLES.exec(stem) || [null, stem, ""];
  const names = (peoples.match(EACH_PEOPLE) || []).map((people) => PEOPLES[people]);
  return [place && pinyinOf(place), ...names].filter(Boolean).join(" ");
}
/** The name of a place or department for those who do not read Chinese: places and what is not known in pinyin. */
function inLetters(name, division = "") {
  // 中共上海市普陀区委社会工作部 is an office of the Party's committee of the place
  const ofParty = /^(中国共产党|中共)/u.test(name);
  const plain = name.replace(/^(中国共产党|中共)/u, "");
  const own = division && plain.startsWith(division) ? plain.slice(division.length) : plain;
  const [, place, rest] = /^((?:[^省市区县州盟旗]{1,14}?自治[区县州旗]|[^省市区县州盟旗]{1,6}?[省市区县州盟旗])*)(.*)$/u.exec(own);
  const places = [...place.matchAll(/(.+?)(自治[区县州旗]|[省市区县州盟旗])/gu)].map(
    ([, stem, kind]) => `${placeInLetters(stem)} ${LABELS.english[kind]}`,
  );
  const isOfCommittee = ofParty && /^委(员会)?(?!$)/u.test(rest);
  const body = isOfCommittee ? rest.replace(/^委(员会)?/u, "") : rest;
  const [, stem, kind] = /^(.*?)(局|厅|委员会|办公室|中心|部)?$/u.exec(body);
  const office = LABELS.english[body] || [stem && pinyinOf(stem), kind && LABELS.english[kind]].filter(Boolean).join(" ");
  return [...places, isOfCommittee ? "CPC Committee" : ofParty && "CPC", office].filter(Boolean).join(", ");
}
/** The same below a name on a page in English. */
const lettersBelow = (name, division) =>
  settings.language === "en" && /[\u4e00-\u9fff]/.test(name || "")
    ? make("small", { class: "block letters" }, inLetters(name, division))
    : null;

/** What stands beside a report that no department has published. */
const madeUpTag = () => make("small", { class: "tag" }, say(" 生成的示例", " made up"));

/** Whether letters are a name in pinyin: of characters in their order the syllable or its first letter. */
function isPinyinOf(letters, name) {
  const characters = [...name];
  const tried = new Set();
  const from = (place, at) => {
    if (at === letters.length) return true;
    const state = place * 100 + at;
    if (tried.has(state)) return false;
    tried.add(state);
    for (let next = place; next < characters.length; next += 1)
      for (const reading of readingsOf(characters[next])) {
        const rest = letters.slice(at);
        // the syllable that is being typed need not be whole
        if (reading.startsWith(rest)) return true;
        if (rest.startsWith(reading) && from(next + 1, at + reading.length)) return true;
        if (rest[0] === reading[0] && from(next + 1, at + 1)) return true;
      }
    return false;
  };
  return letters.length < 40 && from(0, 0);
}

/** Whether the letters of a word come in a name in this order: 工信局 is how people write 工业和信息化局. */
function abbreviates(word, name) {
  let from = 0;
  return /^[\u4e00-\u9fff]{2,}$/.test(word) && [...word].every((letter) => (from = name.indexOf(letter, from) + 1));
}

const wordsIn = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
/** Whether a word is found in what the list says of a report. */
function isNamed(word, report) {
  report.words ??= [report.department_name, report.division_name, report.title, report.fiscal_year, report.report_id]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
  const name = report.department_name || "";
  return (
    report.words.includes(word) ||
    abbreviates(word, name) ||
    (/^[a-z]{2,}$/.test(word) && (isPinyinOf(word, name) || isPinyinOf(word, report.division_name || "")))
  );
}

// ---- words of the text and amounts: pairs of characters and numbers, each with the places of its reports, in files

/** The file that a pair of characters or a number stands in, of so many. */
const fileOfPair = (pair, files) =>
  /^\d/.test(pair)
    ? Number(BigInt(pair.replace(".", "")) % BigInt(files))
    : (31 * pair.charCodeAt(0) + pair.charCodeAt(1)) % files;
/** An amount as it is searched for: without separators, sign and unit; nothing where a word is none. */
const amountIn = (word) => /^[-−]?([1-9][\d,]*\.?\d+)(万元|亿元|元|wan|yuan)?$/.exec(word)?.[1].replaceAll(",", "") ?? null;
/** What a word is found by; nothing where it can stand in no file. */
const keysOf = (word) => {
  const amount = amountIn(word);
  return amount ? [amount] : /^[\u4e00-\u9fff]{2,}$/.test(word) ? pairsOf(word) : [];
};
const pairsOf = (word) => [...Array(Math.max(0, word.length - 1))].map((_, place) => word.slice(place, place + 2));
function pairsLoaded(file) {
  return new Promise((resolve) => {
    if (window.PAIRS?.[file]) {
      resolve();
      return;
    }
    const script = make("script", { src: `search/${file}.js` });
    script.addEventListener("load", resolve);
    script.addEventListener("error", resolve);
    document.head.append(script);
  });
}
/** For each word the places of reports that have it: all its pairs of characters, or its amount. */
async function inTexts(words, files) {
  const keys = files ? words.map(keysOf) : words.map(() => []);
  await Promise.all([...new Set(keys.flat().map((key) => fileOfPair(key, files)))].map(pairsLoaded));
  const placesOf = (key) => new Set(window.PAIRS?.[fileOfPair(key, files)]?.[key] || []);
  return new Map(
    words.map((word, at) => [
      word,
      keys[at].map(placesOf).reduce((all, some) => (all ? new Set([...all].filter((place) => some.has(place))) : some), null),
    ]),
  );
}
