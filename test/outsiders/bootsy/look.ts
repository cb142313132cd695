/** The page around everything, as a team with a style sheet of 2014 draws it. */
export function frame(body: string): string {
  return `<!doctype html><html lang="zh-TW"><head><meta charset="utf-8"><title>E-Invoice Platform 電子發票整合服務平台</title><style>${STYLE}</style></head><body>${body}<script>${SCRIPT}</script></body></html>`;
}

export function esc(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Choices as buttons that stay down. */
export function chips(
  name: string,
  choices: readonly (readonly [value: string, words: string])[],
  chosen = "",
): string {
  return `<div class="btn-group">${choices
    .map(
      ([value, words]) =>
        `<label class="btn btn-default${value === chosen ? " active" : ""}"><input type="radio" name="${name}" value="${value}"${value === chosen ? " checked" : ""}> ${words}</label>`,
    )
    .join("")}</div>`;
}

/** A tool that is only an icon; what it does stands in its tooltip. */
export function tool(words: string, icon: string, act: string): string {
  return `<a class="btn btn-default tool" title="${words}" onclick="${act}"><i class="fa">${icon}</i></a>`;
}

export function group(label: string, field: string): string {
  return `<div class="form-group"><div class="control-label">${label}</div>${field}</div>`;
}

export function alertBox(kind: "success" | "danger" | "info", words: string): string {
  return `<div class="alert alert-${kind}"><span class="x" onclick="this.parentNode.remove()">×</span>${esc(words)}</div>`;
}

export function modal(id: string, title: string, body: string, foot: string): string {
  return `<div class="modal" id="${id}"><div class="modal-dialog"><div class="modal-header"><span class="x" onclick="shut('${id}')">×</span><h4>${title}</h4></div><div class="modal-body">${body}</div><div class="modal-footer">${foot}</div></div></div>`;
}

const STYLE = `body{margin:0;font:14px "Noto Sans CJK TC",Helvetica,sans-serif;color:#333;background:#f8f8f8}.navbar{background:#2c3e50;color:#fff;padding:10px 18px;display:flex;gap:24px;align-items:center}.navbar .dropdown{position:relative}.navbar .dropdown>span{cursor:pointer}.dropdown-menu{display:none;position:absolute;top:26px;left:0;background:#fff;border:1px solid #ccc;min-width:230px;z-index:50}.dropdown.open .dropdown-menu{display:block}.dropdown-menu a{display:block;padding:8px 14px;color:#333;cursor:pointer;text-decoration:none}
.container{max-width:1080px;margin:18px auto}.breadcrumb{list-style:none;padding:0;display:flex;gap:6px;color:#777}.btn{border:1px solid #ccc;background:#fff;padding:6px 12px;border-radius:4px;cursor:pointer;font:inherit;display:inline-block;color:#333}.btn.active{background:#dfe9f3;border-color:#4a7}.btn-primary{background:#337ab7;color:#fff}.btn-danger{background:#c9302c;color:#fff}.btn-group input{margin-right:4px}.form-group{margin-bottom:14px}.control-label{font-weight:700;margin-bottom:4px}.form-control{padding:6px 10px;border:1px solid #ccc;border-radius:4px;font:inherit}
.panel{border:1px solid #ddd;background:#fff;margin-bottom:10px}.panel-heading{background:#f0f0f0;padding:10px 14px;cursor:pointer}.panel-body{padding:14px;display:none}.panel.in .panel-body{display:block}.alert{padding:10px 14px;margin-bottom:12px}.alert-success{background:#dff0d8}.alert-danger{background:#f2dede}.alert-info{background:#d9edf7}.x{float:right;cursor:pointer;font-size:18px}
.modal{display:none;position:fixed;inset:0;background:#0006;z-index:100;overflow:auto}.modal.in{display:block}.modal-dialog{background:#fff;width:560px;margin:60px auto;border-radius:6px}.modal-header,.modal-body{padding:14px 18px;border-bottom:1px solid #eee}.modal-footer{padding:14px 18px;text-align:right}.modal h4{margin:0}
.rowx{display:flex;border-bottom:1px solid #e4e4e4;background:#fff}.rowx>div{flex:1;padding:9px 8px}.rowx.head{background:#eef2f5;font-weight:700}.rowx>div.nar{flex:0 0 34px}.cookie{position:fixed;bottom:0;left:0;right:0;background:#333;color:#fff;padding:10px 18px;z-index:20}.toolbar{margin-bottom:12px}.spin{padding:20px;color:#999}.help-block{color:#777;font-size:12px}`;

const SCRIPT = `
function el(id){return document.getElementById(id)}
function show(id){el(id).classList.add('in')} function shut(id){el(id).classList.remove('in')}
document.addEventListener('click',function(e){var d=e.target.closest('.dropdown');document.querySelectorAll('.dropdown.open').forEach(function(o){if(o!==d)o.classList.remove('open')});if(d&&e.target.tagName==='SPAN')d.classList.toggle('open');
 var h=e.target.closest('.panel-heading');if(h){var p=h.parentNode;p.classList.toggle('in');if(p.classList.contains('in')&&p.dataset.load)load(p.dataset.load,p.querySelector('.panel-body'))}});
document.addEventListener('change',function(e){if(e.target.type==='radio'){document.querySelectorAll('input[name="'+e.target.name+'"]').forEach(function(r){r.parentNode.classList.toggle('active',r.checked)});if(e.target.dataset.act||e.target.closest('[data-change]'))changed(e.target)}});
function put(box,html){box.innerHTML=html;}
function load(url,box,data){box=typeof box==='string'?el(box):box;if(!box)return;put(box,'<div class="spin">Loading…</div>');return fetch(url,data?{method:'POST',body:data}:{}).then(function(r){if(r.status===401){location.href='/?timeout=1';throw new Error('out')}return r.text()}).then(function(t){put(box,t)})}
function send(url,form,box){return load(url,box,new FormData(form))}
function open_(url){document.querySelectorAll('.dropdown.open').forEach(function(o){o.classList.remove('open')});load(url,'main')}
function more(url,button){button.disabled=true;fetch(url).then(function(r){return r.text()}).then(function(t){var holder=button.parentNode;holder.insertAdjacentHTML('beforebegin',t);holder.remove()})}
function changed(input){var f=input.closest('form');fetch('/part/quota?'+new URLSearchParams(new FormData(f))).then(function(r){return r.text()}).then(function(t){el('quota').innerHTML=t})}
function pick(){var b=el('filebox');b.innerHTML='<input type="file" name="file" class="form-control" accept=".csv">';b.querySelector('input').click()}
function review(){var f=el('import');if(!f.period.value)return bad('請選擇字軌期別 Please select a period');if(!f.file||!f.file.files.length)return bad('請選擇檔案 Please choose a file');el('rv').innerHTML=f.querySelector('input[name=period]:checked').parentNode.textContent+'<br>'+f.file.files[0].name;show('confirm')}
function bad(t){el('msg').innerHTML='<div class="alert alert-danger">'+t+'</div>'}
function takeCheck(){var f=el('takeform');if(!f.period.value||!f.kind.value||!f.books.value){el('takemsg').innerHTML='<div class="alert alert-danger">請填寫必填欄位 Required</div>';return}
 el('sum').innerHTML='<p>發票期別 Period：'+f.querySelector('input[name=period]:checked').parentNode.textContent+'</p><p>發票類別 Type：'+f.querySelector('input[name=kind]:checked').parentNode.textContent+'</p><p>取用本數 Books：'+f.books.value+'</p><p>增加本數 Extra：'+(f.extra.value||0)+'</p>';show('takeconfirm')}
function takeSend(){var f=el('takeform');f.pw.value=el('pw2').value;el('pw2').value='';fetch('/take',{method:'POST',body:new FormData(f)}).then(function(r){return r.text().then(function(t){shut('takepw');if(r.ok){shut('take');el('msg').innerHTML=t}else{el('takemsg').innerHTML=t}})})}
function picked(box){return Array.from(document.querySelectorAll('#'+box+' input[type=checkbox]:checked')).map(function(c){return c.value})}
function dl(){var ids=picked('list');if(!ids.length)return bad('請勾選資料 Nothing selected');show('dlbox')}
function dlgo(){shut('dlbox');location.href='/download?ids='+picked('list').join(',')}
function del(){var ids=picked('blanklist');if(!ids.length){alert('請勾選資料');return}show('delbox')}
function delgo(){var d=new FormData();d.append('ids',picked('blanklist').join(','));d.append('period',el('blankform').period.value);shut('delbox');load('/part/blank-delete','blanklist',d)}
function addMail(){var n=document.querySelectorAll('#mails input').length;if(n>=5)return;el('mails').insertAdjacentHTML('beforeend','<div class="form-group"><input class="form-control" name="mail" placeholder="name@example.com"></div>')}
`;
