// How everything looks, whatever the look.
export const STYLE = `
  * { box-sizing: border-box }
  .pg { font: 15px/1.6 system-ui, sans-serif; color: #23262b }
  .hd { display: flex; gap: 24px; align-items: center; padding: 12px 24px; color: #fff; background: #284b7a }
  .hd a, .hd .act { color: #fff; background: none }
  .fr { display: flex } .sd { width: 250px; padding: 12px; background: #f1f4f8; min-height: 700px }
  .sd.over { position: fixed; top: 50px; left: 0; bottom: 0; z-index: 50; width: 560px; box-shadow: 0 0 20px #0005 }
  .mn { flex: 1; padding: 16px 26px } .gt, .gi { cursor: pointer; padding: 5px } .gi { padding-left: 22px } .no { display: none }
  .ti { font-size: 20px; font-weight: 700; margin: 8px 0 } .tb { display: flex; gap: 16px; border-bottom: 1px solid #ccd }
  .t { padding: 8px 12px; cursor: pointer } .t.on { color: #1c5aa8; border-bottom: 3px solid #1c5aa8 } .cd { padding: 16px 0 }
  .rw { display: flex; gap: 10px; align-items: center; margin: 9px 0 } .lb { min-width: 130px } .up { margin: 9px 0 }
  .fl { position: relative; margin: 14px 0; padding-top: 14px; width: 330px } .fl .lb { min-width: 0; position: absolute; left: 9px; top: 0; font-size: 12px; background: #fff; pointer-events: none }
  input[type=text], input[type=password], select, .pk { height: 32px; min-width: 190px; padding: 3px 8px; border: 1px solid #aab; background: #fff }
  .pk { display: inline-flex; justify-content: space-between; cursor: pointer; align-items: center }
  .pp { position: absolute; z-index: 80; margin: 0; padding: 4px 0; min-width: 200px; list-style: none; background: #fff; border: 1px solid #aab; box-shadow: 0 4px 14px #0003 }
  .op { padding: 5px 12px; cursor: pointer } .op:hover { background: #eef3fb }
  .act { display: inline-block; padding: 6px 16px; margin-right: 10px; border: 1px solid #7d8ba1; border-radius: 3px; background: #fff; font: inherit; cursor: pointer; color: inherit; text-decoration: none }
  .act.main { color: #fff; background: #1c5aa8 } .act.off, .act:disabled { opacity: .4; cursor: not-allowed }
  .cp { display: inline-block; padding: 4px 14px; margin-right: 8px; border: 1px solid #7d8ba1; border-radius: 14px; cursor: pointer } .cp.on { color: #fff; background: #1c5aa8 }
  table { width: 100%; border-collapse: collapse; font-size: 14px } th, td { padding: 6px; text-align: left; border-bottom: 1px solid #e2e6ee } th { background: #eef2f8 }
  .gr { display: grid; font-size: 14px } .gr > div { display: contents } .gr > div > * { padding: 6px; border-bottom: 1px solid #e2e6ee } .gh > * { background: #eef2f8; font-weight: 700 }
  .ca { display: inline-block; vertical-align: top; width: 290px; margin: 6px; padding: 10px; border: 1px solid #ccd } dl { margin: 8px 0; padding: 8px; border: 1px solid #ccd } dt { float: left; clear: left; width: 140px } dd { margin: 0 0 0 150px }
  .vw { height: 210px; overflow: auto; position: relative } .mk { position: fixed; inset: 0; z-index: 60; background: #0006; display: flex; justify-content: center; align-items: flex-start; padding-top: 130px }
  .bx { position: relative; width: 470px; padding: 18px; background: #fff; border-radius: 6px } .bh { font-weight: 700; margin-bottom: 10px } .bf { margin-top: 16px; text-align: right } .xx { position: absolute; right: 14px; top: 10px; cursor: pointer; border: 0; background: none; font-size: 18px }
  .ts { position: fixed; top: 66px; right: 20px; z-index: 90; width: 330px } .tt { margin-bottom: 8px; padding: 10px 14px; background: #fff; border-left: 5px solid #1c5aa8; box-shadow: 0 3px 14px #0003 }
  .wr { color: #b3202c } .nt { color: #8a4b00; font-size: 13px } .ld { position: fixed; inset: 0; z-index: 70; background: #fffb; display: flex; align-items: center; justify-content: center }
  .ck { position: fixed; left: 0; right: 0; bottom: 0; height: 46vh; z-index: 55; padding: 20px; color: #fff; background: #333 } iframe { width: 100%; border: 0; height: 620px } .dz { padding: 24px; border: 2px dashed #aab; text-align: center; cursor: pointer }
  .css::before { content: attr(data-words); display: inline-block; min-width: 130px } fieldset { border: 1px solid #ccd; margin: 9px 0 } .gone { display: none }
  .or { display: flex } .or > * { flex: 1; padding: 6px } .st { position: sticky; top: 0; height: 0; z-index: 3 } .sf { position: fixed; left: 0; right: 0; bottom: 0; height: 70px; z-index: 40; background: #eee; padding: 10px 26px }
  .hv { opacity: 0 } div:hover > .hv { opacity: 1 }
  .rc { display: inline-block; width: 260px; margin: 4px; padding: 10px; border: 1px solid #7d8ba1; border-radius: 6px; cursor: pointer } .hr { position: absolute; opacity: 0 } .rc:has(:checked) { border: 2px solid #1c5aa8 }
  .mg { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 6px } .mc { padding: 8px; cursor: pointer } .mc:hover { background: #eef3fb } .un { opacity: .35; cursor: not-allowed }
  .bg { position: relative } .dm { position: absolute; top: 34px; left: 0; z-index: 30; width: 180px; padding: 4px 0; color: #23262b; background: #fff; border: 1px solid #aab } .lv { position: fixed; left: 0; right: 0; bottom: 0; z-index: 92; padding: 4px 26px; background: #fffbe6 }
  .pn { margin: 14px 0; padding: 14px; border: 2px solid #c88 }
`;
