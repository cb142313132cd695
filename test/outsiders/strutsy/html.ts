/** Markup as an old server writes it: tables in tables, pictures for buttons, no roles. */
export function page(title: string, body: string, script = ""): string {
  return `<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>${title}</title>
<style>
body{font:13px PMingLiU,"Noto Sans CJK TC",serif;margin:4px;background:#fff} td{font-size:13px;padding:3px} .hd{background:#cfe3c4;text-align:right;color:#333}
.lst td{border:1px solid #9b9;} .lst .t{background:#6a9955;color:#fff;text-align:center} .red{color:#c00} .crumb{color:#666;border-bottom:1px dotted #999}
img{border:0;vertical-align:middle} .note{position:absolute;left:80px;top:40px;width:420px;background:#ffffe8;border:2px outset #aaa;padding:6px;z-index:9}
</style><script>
function go(act){ var f=document.forms[0]; f.act.value=act; f.submit(); }
function pop(u,n){ window.open(u,n,'width=760,height=520,scrollbars=yes'); }
${script}
</script></head><body bgcolor="#FFFFFF">${body}</body></html>`;
}

export function esc(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** A picture that stands for a button. */
export function imageButton(words: string, act: string): string {
  return `<a href="javascript:void(0)" onclick="${esc(act)};return false"><img src="/img/b.gif?t=${encodeURIComponent(words)}" alt="${words}"></a>`;
}

/** The same as a field of the form that sends it. */
export function imageSubmit(words: string, attributes = ""): string {
  return `<input type="image" src="/img/b.gif?t=${encodeURIComponent(words)}" alt="${words}" ${attributes}>`;
}

export function options(choices: readonly (readonly [value: string, words: string])[], chosen: string): string {
  return choices
    .map(([value, words]) => `<option value="${value}"${value === chosen ? " selected" : ""}>${words}</option>`)
    .join("");
}

export function crumb(...words: readonly string[]): string {
  return `<div class="crumb">目前位置：${words.join(" &gt; ")}</div>`;
}

/** What a script says before it goes on. */
export function says(words: string, then: string): string {
  return page("系統訊息", "", `alert(${JSON.stringify(words)});${then}`);
}

/** The picture on a button. */
export function buttonPicture(words: string): string {
  const width = 24 + words.length * 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="24"><rect width="${width}" height="24" rx="4" fill="#4b7f3a"/><text x="${width / 2}" y="17" fill="#fff" font-size="13" text-anchor="middle">${esc(words)}</text></svg>`;
}
