/**
 * The closed list of what can go wrong, with the words for people. One place for worker, store, command line and console.
 * A code is added here or nowhere: everything that switches over codes is checked for completeness by the compiler.
 */

/**
 * What the machine may do after this failure.
 * - `never`: the same request would fail again; the request or the configuration has to change.
 * - `later`: nothing was changed at the portal and the same request may be tried again later.
 * - `person`: only a person can take away the reason.
 * - `reconcile`: it is not known what the portal did; read it again, never press again.
 */
export type After = "never" | "later" | "person" | "reconcile";

interface Words {
  readonly zh: string;
  readonly en: string;
}

interface FailureKind {
  readonly explain: Words;
  readonly next: Words;
  readonly after: After;
}

const kinds = {
  "captcha-rejected": {
    explain: {
      zh: "圖形驗證碼連續被平台退回，已停止登入，以免帳號被鎖。",
      en: "The portal rejected the captcha several times; signing in was stopped before the account gets locked.",
    },
    next: {
      zh: "請改用有人在場的方式執行（加 --attended），由您看圖輸入驗證碼；或稍後再試。",
      en: "Run it attended (--attended) and type the captcha yourself, or try later.",
    },
    after: "person",
  },
  "captcha-unreadable": {
    explain: {
      zh: "換了好幾張圖形驗證碼都看不清楚，沒有送出登入。",
      en: "No captcha picture could be read with enough certainty; nothing was submitted.",
    },
    next: {
      zh: "請改用有人在場的方式執行（加 --attended），由您看圖輸入驗證碼。",
      en: "Run it attended (--attended) and type the captcha yourself.",
    },
    after: "person",
  },
  "credentials-rejected": {
    explain: {
      zh: "平台說帳號或密碼錯誤。為免帳號被鎖，機器人不會再用這組密碼嘗試，這個帳號已先停用。",
      en: "The portal says the account or password is wrong. The robot will not try again; the account is switched off.",
    },
    next: {
      zh: "請先用瀏覽器確認密碼能登入，再到主控台的 設定 › 密碼（或執行 credentials set）更新。",
      en: "Check the password in a browser, then run `credentials set`.",
    },
    after: "person",
  },
  "account-disabled": {
    explain: {
      zh: "這個帳號先前登入被拒，已停用，等人處理。這次沒有嘗試登入。",
      en: "This account is switched off because an earlier sign-in was refused. Nothing was tried.",
    },
    next: {
      zh: "請確認密碼後到主控台的 設定 › 密碼（或執行 credentials set）更新，帳號就會恢復使用。",
      en: "Check the password and run `credentials set`; that switches the account on again.",
    },
    after: "person",
  },
  "account-locked": {
    explain: { zh: "平台說這個帳號已被鎖定。", en: "The portal says that this account is locked." },
    next: {
      zh: "請依平台指示解除鎖定（客服 0800-521-988），再到主控台的 設定 › 密碼（或執行 credentials set）存入密碼。",
      en: "Have the account unlocked (help line 0800-521-988), then run `credentials set`.",
    },
    after: "person",
  },
  "password-change-forced": {
    explain: { zh: "平台要求先變更密碼才能使用。", en: "The portal demands a new password first." },
    next: {
      zh: "請用瀏覽器登入平台變更密碼，再到主控台的 設定 › 密碼（或執行 credentials set）更新。",
      en: "Change the password in a browser, then run `credentials set`.",
    },
    after: "person",
  },
  "access-challenged": {
    explain: {
      zh: "平台出現「正在執行安全驗證」，需要真人完成。",
      en: "The portal shows an access challenge that a person has to pass.",
    },
    next: {
      zh: "請在這台電腦上以有人在場的方式執行（加 --attended），在瀏覽器視窗裡完成驗證。",
      en: "Run it attended (--attended) on this computer and pass the challenge in the browser window.",
    },
    after: "person",
  },
  "portal-down": {
    explain: { zh: "平台暫停服務或連不上。", en: "The portal is out of service or can't be reached." },
    next: { zh: "請稍後再試；平台公告恢復後再執行即可，沒有送出任何東西。", en: "Try again later; nothing was sent." },
    after: "later",
  },
  "portal-slow": {
    explain: {
      zh: "平台太久沒有回應，頁面也沒有說明原因。",
      en: "The portal did not answer in time and gave no reason.",
    },
    next: { zh: "請稍後再試。", en: "Try again later." },
    after: "later",
  },
  "session-expired": {
    explain: { zh: "登入狀態在作業途中失效。", en: "The portal ended the session in the middle of the work." },
    next: {
      zh: "請再執行一次；若常發生，請確認沒有別人同時用同一帳號登入。",
      en: "Run it again; if it happens often, see that nobody else uses the same account.",
    },
    after: "later",
  },
  "page-changed": {
    explain: {
      zh: "頁面和機器人認識的不一樣，已停下來，沒有再按任何按鈕。",
      en: "The page is not as the robot knows it. It stopped there and pressed nothing more.",
    },
    next: {
      zh: "請看紀錄裡的圖片與「找什麼、看到什麼」；平台真的改了，可以在 selectors/local.json 指定新的位置（見說明）。",
      en: "See the picture and what was looked for in the record; selectors/local.json can point at the new place.",
    },
    after: "person",
  },
  "form-mismatch": {
    explain: {
      zh: "表單填好後讀回來的內容和要求的不同，已停下來，沒有送出。",
      en: "The form, read back, differs from what was asked. Nothing was sent.",
    },
    next: { zh: "請看紀錄裡兩邊的差異與圖片。", en: "See the differences and the picture in the record." },
    after: "person",
  },
  "quota-exceeded": {
    explain: {
      zh: "要取用的本數超過平台的可取用本數，沒有送出。",
      en: "More books were asked than the portal allows.",
    },
    next: {
      zh: "請減少本數再執行；需要更多本數時，請向國稅局申請調整。",
      en: "Ask for fewer books, or apply to the tax office for more.",
    },
    after: "never",
  },
  "books-differ": {
    explain: {
      zh: "平台上這一期已經取號，但本數和您要的不同。機器人沒有再取，以免多取。",
      en: "The period has been taken already, with another number of books. Nothing more was taken.",
    },
    next: {
      zh: "若本數不夠，請到平台以「增加本數」處理，再執行 download-tracks 下載。",
      en: "If more books are needed, add them at the portal by hand, then run download-tracks.",
    },
    after: "person",
  },
  "take-refused": {
    explain: { zh: "平台沒有接受這次取號。", en: "The portal did not accept the request for tracks." },
    next: { zh: "請照平台的說明處理後再執行。", en: "Do what the portal's message says, then run it again." },
    after: "person",
  },
  "mailbox-list-missing": {
    explain: {
      zh: "平台上還沒有設定接收配號結果的電子郵件，這樣不能取號。",
      en: "The portal has no address for allocation notices yet; numbers can't be taken.",
    },
    next: {
      zh: "請在設定檔的 noticeAddress 填入收件信箱，再執行一次。",
      en: "Put the address into `noticeAddress` of the configuration and run it again.",
    },
    after: "never",
  },
  "notice-list-refused": {
    explain: {
      zh: "平台不接受這次對取號電子郵件信箱名單的新增或刪除，名單沒有變。",
      en: "The portal refused the change of its list of notice addresses; the list is as it was.",
    },
    next: {
      zh: "請照平台的訊息修正設定檔的 noticeAddress 或 noticeList，再執行一次。",
      en: "Mend `noticeAddress` or `noticeList` of the configuration as the portal's message says and run it again.",
    },
    after: "person",
  },
  "carrier-link-dead": {
    explain: {
      zh: "連結打開後不是會員載具資訊：可能過期、打錯，或網站改版了。沒有送出任何東西。",
      en: "The link does not lead to a carrier's page: it may have expired or be mistyped. Nothing was sent.",
    },
    next: {
      zh: "請向會員網站重新取得連結；網站不在允許名單時，加到設定檔的 carriers.hosts。",
      en: "Get a new link from the member site; where its host is blocked, add it to `carriers.hosts`.",
    },
    after: "person",
  },
  "carrier-bound-elsewhere": {
    explain: {
      zh: "這個載具已經歸戶，但不是（或看不出是不是）您要的手機條碼。機器人沒有改動它。",
      en: "The carrier is bound already, and not (or not visibly) to the barcode that was asked for. Nothing was changed.",
    },
    next: {
      zh: "請持有人在財政部平台確認歸戶在哪裡；要改歸戶，請持有人先自行取消。",
      en: "Have the holder look at the portal where it is bound; only the holder can unbind it.",
    },
    after: "person",
  },
  "carrier-not-verified": {
    explain: {
      zh: "平台向會員網站查證這個載具時沒有通過，沒有歸戶。",
      en: "The portal asked the member site about this carrier and was told no. Nothing was bound.",
    },
    next: {
      zh: "請重新取得連結再試；若還是不行，請會員網站檢查它對平台的回覆。",
      en: "Get a new link and try again; else the member site has to mend its answer to the portal.",
    },
    after: "person",
  },
  "carrier-code-rejected": {
    explain: {
      zh: "平台說手機或驗證碼錯誤。為免持有人的手機條碼被鎖，機器人不會再用這組驗證碼嘗試。",
      en: "The portal says that phone or code is wrong. The robot will not try this code again.",
    },
    next: {
      zh: "請持有人確認驗證碼，再到主控台的 設定 › 密碼（或執行 credentials set --holder 手機號碼）更新。",
      en: "Have the holder check the code, then run `credentials set --holder <phone>`.",
    },
    after: "person",
  },
  "carrier-refused": {
    explain: { zh: "平台沒有接受這次歸戶。", en: "The portal did not accept the binding." },
    next: { zh: "請照平台的訊息處理後再執行。", en: "Do what the portal's message says, then run it again." },
    after: "person",
  },
  "carrier-needs-card": {
    explain: {
      zh: "歸戶到自然人憑證，要持有人在這台電腦插入憑證、輸入 PIN 碼，機器人不能代做。",
      en: "Binding to a citizen digital certificate needs its holder, the card and its PIN at this computer.",
    },
    next: {
      zh: "請持有人在場時加 --attended 再執行：機器人會開好頁面，由持有人在瀏覽器視窗裡完成。",
      en: "Run it with --attended while the holder is there: the robot prepares the page, the holder finishes it.",
    },
    after: "person",
  },
  "carriers-unfinished": {
    explain: {
      zh: "清單裡有載具沒有歸戶，原因逐一列出。",
      en: "Some carriers of the list were not bound; each has its reason.",
    },
    next: {
      zh: "請逐一處理後，用同一份清單再執行一次；已歸戶的不會重做。",
      en: "See to each and run the same list again; what is bound is not done again.",
    },
    after: "person",
  },
  "platform-refused": {
    explain: { zh: "加值平台拒絕了這個作業。", en: "The value-added platform refused the job." },
    next: { zh: "請看平台的訊息，修正後再執行。", en: "See the platform's message, mend it and run again." },
    after: "person",
  },
  "platform-job-failed": {
    explain: {
      zh: "加值平台的批次作業沒有成功，所以沒有檔案可以下載。",
      en: "The batch job of the value-added platform did not succeed, so there is no file.",
    },
    next: {
      zh: "可以再執行一次，會重新產生；一再失敗請洽加值平台。",
      en: "Run it again, which starts another job; ask the platform's help line if that fails too.",
    },
    after: "later",
  },
  "platform-late": {
    explain: {
      zh: "加值平台的批次作業在期限內沒有完成。",
      en: "The batch job of the value-added platform did not end in the time allowed.",
    },
    next: {
      zh: "請稍後再執行一次；等待的時間在設定檔的 platform.made。",
      en: "Run it again later; how long is waited is platform.made of the configuration.",
    },
    after: "later",
  },
  "mailed-elsewhere": {
    explain: {
      zh: "這張中獎發票已經請加值平台寄給別的收件人，沒有再寄。",
      en: "This winning invoice was sent to somebody else by the platform already. It was not sent again.",
    },
    next: {
      zh: "請到加值平台的發票寄送歷程查看寄給了誰；要再寄一份請自己在平台上做。",
      en: "See the platform's list of deliveries; a second letter is yours to order there.",
    },
    after: "person",
  },
  "mailings-unfinished": {
    explain: {
      zh: "名單裡有中獎發票沒有寄成；其餘的已請加值平台寄出。",
      en: "Some winning invoices of the list were not sent; the others were.",
    },
    next: {
      zh: "請逐一看原因，處理後再用同一份名單執行：已寄的不會再寄。",
      en: "See the reasons, mend them and run the same list again: what was sent is not sent twice.",
    },
    after: "person",
  },
  "password-asked": {
    explain: {
      zh: "平台要求再輸入一次登入密碼才肯儲存。機器人按了取消，什麼都沒有送出。",
      en: "The portal wants the sign-in password once more before it saves. The robot pressed cancel; nothing was sent.",
    },
    next: {
      zh: "請用瀏覽器在平台上自己做這一步，再執行一次讓機器人核對。",
      en: "Do this step in a browser yourself and run it again, so that the robot checks it.",
    },
    after: "person",
  },
  "not-in-window": {
    explain: {
      zh: "平台現在不開放這一期（取號只能取本期與下期，空白號碼要等這一期結束，中獎清冊只列近期的）。",
      en: "The portal does not offer this period now (numbers: the current and the next one; blank numbers: after its end; winners: recent ones).",
    },
    next: { zh: "請確認期別；太早的話，等平台開放後再執行。", en: "Check the period, or wait until it opens." },
    after: "never",
  },
  "allocation-late": {
    explain: {
      zh: "取號已送出，但平台在期限內還沒有配好號碼。",
      en: "The request was sent, but the portal has not finished the allocation in the time allowed.",
    },
    next: {
      zh: "請稍後執行 download-tracks 下載；不要再取號一次。",
      en: "Run download-tracks later; do not take again.",
    },
    after: "later",
  },
  "mail-missing": {
    explain: {
      zh: "等不到平台的配號通知信（信箱裡較早的信不算）。",
      en: "The notice of allocation did not arrive (older mails do not count).",
    },
    next: {
      zh: "請確認信箱沒有滿、通知信箱的地址正確，再執行 download-tracks 查看平台上的結果。",
      en: "See that the mailbox is not full and the address is right, then run download-tracks.",
    },
    after: "later",
  },
  "mailbox-unreachable": {
    explain: { zh: "連不上收信的信箱。", en: "The mailbox can't be reached." },
    next: { zh: "請確認信箱主機、連接埠與網路。", en: "Check the mail host, port and network." },
    after: "later",
  },
  "mailbox-rejected": {
    explain: { zh: "信箱不接受帳號或密碼。", en: "The mailbox refused the user name or password." },
    next: {
      zh: "請到主控台的 設定 › 密碼（或執行 credentials set --mailbox）更新信箱密碼。",
      en: "Run `credentials set` for the mailbox.",
    },
    after: "person",
  },
  "smtp-unreachable": {
    explain: { zh: "連不上寄信的伺服器，通知先留著。", en: "The mail server can't be reached; the notices are kept." },
    next: {
      zh: "請確認 mail 的主機、連接埠與網路；恢復後會自動補寄。",
      en: "Check host, port and network of `mail`; they are sent later.",
    },
    after: "later",
  },
  "smtp-rejected": {
    explain: { zh: "寄信的伺服器不接受帳號、密碼或收件人。", en: "The mail server refused the account or a receiver." },
    next: {
      zh: "請到主控台的 設定 › 密碼（或執行 credentials set --smtp）更新密碼，並確認 mail 的 from、to。",
      en: "Run `credentials set --smtp`; check `from` and `to`.",
    },
    after: "person",
  },
  "token-missing": {
    explain: { zh: "取不到郵件的存取權杖（OAuth2）。", en: "No OAuth2 access token could be had for the mail." },
    next: {
      zh: "請在終端機執行設定的 oauth2 命令，確認它印出權杖。",
      en: "Run the configured oauth2 command and see that it prints a token.",
    },
    after: "later",
  },
  "nothing-allocated": {
    explain: {
      zh: "平台上這些期別還沒有配好可下載的字軌。",
      en: "Nothing is allocated for download in these periods yet.",
    },
    next: {
      zh: "還沒取號的請先取號；檢核中的請稍後再下載。",
      en: "Take numbers first, or come back when the portal has checked them.",
    },
    after: "later",
  },
  "not-downloaded": {
    explain: {
      zh: "這一期的字軌檔還沒有下載到這台電腦。",
      en: "The track file of this period has not been downloaded to this computer.",
    },
    next: {
      zh: "請先執行 run download-tracks 下載（還沒取號的先 run take-tracks），再執行一次；檔案在別處時用 --tracks 指定。",
      en: "Do `run download-tracks` first (before that `run take-tracks`); or name a file with --tracks.",
    },
    after: "later",
  },
  "download-broken": {
    explain: {
      zh: "下載回來的檔案不完整，或不是這家公司、這一期的字軌檔。原檔已保留。",
      en: "The downloaded file is damaged or not the one asked for. It was kept as it came.",
    },
    next: {
      zh: "請看紀錄裡列出的問題；可再執行一次重新下載。",
      en: "See the faults in the record; run it again to download anew.",
    },
    after: "later",
  },
  "winning-list-early": {
    explain: {
      zh: "這一期的中獎清冊還沒有出來：要等期別結束後單月的 28 日。",
      en: "The list of winners of this period is not out yet: it comes on the 28th of the odd month after it.",
    },
    next: { zh: "請在那一天之後再執行。", en: "Run it from that day on." },
    after: "later",
  },
  "winning-list-missing": {
    explain: {
      zh: "這一期的中獎清冊還沒有轉成表格存在這台電腦，不知道要通知誰。",
      en: "The list of winners of this period has not been fetched and opened here; it is not known whom to tell.",
    },
    next: {
      zh: "請先執行 run fetch-winning-list；清冊在別處時用 --file 指定。",
      en: "Run `run fetch-winning-list` first, or name a list with --file.",
    },
    after: "later",
  },
  "winning-list-broken": {
    explain: {
      zh: "中獎清冊不完整、有看不懂的行，或不是這家公司、這一期的。原檔已保留。",
      en: "A list of winners is incomplete, has lines that can't be read, or is of another company or period. It was kept as it came.",
    },
    next: {
      zh: "請再執行一次重新下載；還是一樣時，請看紀錄裡轉出的檔案（每一行都在），並洽平台客服 0800-521-988。",
      en: "Run it again; if it stays so, see the files in the record (no line is left out) and call the help line 0800-521-988.",
    },
    after: "later",
  },
  "decrypt-failed": {
    explain: { zh: "解密程式沒有打開中獎清冊。", en: "The decryption tool did not open the list of winners." },
    next: {
      zh: "請確認設定檔 winningList.decrypt 的程式與參數；也可以自己解密，再把文字檔交給 files winners。原檔沒有動。",
      en: "Check winningList.decrypt of the configuration, or decrypt it yourself and give the text file to files winners. The original is untouched.",
    },
    after: "person",
  },
  "file-invalid": {
    explain: { zh: "檔案內容有問題，沒有送出。", en: "The file is not right. Nothing was sent." },
    next: { zh: "請依列出的行與欄修正後再執行。", en: "Mend the listed lines and run it again." },
    after: "never",
  },
  "upload-refused": {
    explain: { zh: "平台處理後回覆失敗。", en: "The portal processed the upload and refused it." },
    next: { zh: "請看失敗明細，修正後再上傳。", en: "See the failure details, mend and upload again." },
    after: "person",
  },
  "upload-under-way": {
    explain: {
      zh: "上傳列表上還有別的檔案在等平台匯入，可能就是同一份。為免重複，沒有上傳。",
      en: "Another upload waits for the portal's import and may be the same file. Nothing was uploaded.",
    },
    next: {
      zh: "請等平台匯入（每小時一次）之後再執行一次。",
      en: "Run it again after the portal's import (once an hour).",
    },
    after: "later",
  },
  "blanks-differ": {
    explain: {
      zh: "平台列出的空白號碼和檔案不同。",
      en: "The blank numbers that the portal lists differ from the file.",
    },
    next: {
      zh: "請到平台的查詢頁核對；要更正請用 correct-blank-numbers。",
      en: "Compare them at the portal; correct-blank-numbers mends what is wrong.",
    },
    after: "person",
  },
  "blanks-missing": {
    explain: {
      zh: "平台上還沒有這一期的空白號碼。",
      en: "The portal lists no blank numbers for this period yet.",
    },
    next: {
      zh: "請在 10 日前上傳；由加值中心上傳的，請向加值中心確認。",
      en: "Upload them by the 10th; where a value-added centre does it, ask the centre.",
    },
    after: "later",
  },
  "reported-by-other": {
    explain: {
      zh: "設定上這家公司的空白號碼由別人上傳。為免重複，機器人不上傳。",
      en: "Somebody else reports this company's blank numbers; the robot uploads nothing, so that they are not doubled.",
    },
    next: {
      zh: "請用 verify-blank-numbers 核對平台上有沒有；若改由機器人上傳，請拿掉設定裡的 blanksReportedBy。",
      en: "Check with verify-blank-numbers; to let the robot upload, take blanksReportedBy out of the configuration.",
    },
    after: "never",
  },
  "upload-late": {
    explain: { zh: "已上傳，但平台在期限內還沒處理完。", en: "Uploaded, but the portal has not finished in time." },
    next: { zh: "請稍後再查上傳列表；不要重複上傳。", en: "Look at the upload list later; do not upload again." },
    after: "later",
  },
  "outcome-unknown": {
    explain: {
      zh: "按下送出之後沒有得到平台的回覆，不知道有沒有成功。機器人不會再按一次。",
      en: "The portal gave no answer after the submit. The robot will not press again.",
    },
    next: {
      zh: "請到平台查看是否已有這筆資料，再到主控台的 待處理（或用 answer）回覆機器人。",
      en: "Look at the portal whether the entry is there and tell the robot with `answer`.",
    },
    after: "reconcile",
  },
  "person-needed": {
    explain: { zh: "這一步需要人來決定。", en: "A person has to decide this." },
    next: {
      zh: "請看問題內容，到主控台的 待處理（或用 answer）回覆。",
      en: "Read the question and reply with `answer`.",
    },
    after: "person",
  },
  "question-expired": {
    explain: { zh: "問題在期限內沒有人回答。", en: "Nobody answered the question in time." },
    next: { zh: "請再執行一次，並在期限內回答。", en: "Run it again and answer in time." },
    after: "person",
  },
  "lease-lost": {
    explain: {
      zh: "這個帳號的使用權被另一個機器人程序接手，這邊已停止。",
      en: "Another process took over this account; this one stopped.",
    },
    next: { zh: "不用處理，接手的程序會繼續。", en: "Nothing to do; the other process goes on." },
    after: "later",
  },
  "store-unavailable": {
    explain: { zh: "執行紀錄的資料庫無法讀寫。", en: "The run database can't be read or written." },
    next: {
      zh: "請確認資料庫檔案或伺服器；恢復後會從中斷處繼續。",
      en: "Check the database; the run goes on when it is back.",
    },
    after: "later",
  },
  "disk-full": {
    explain: {
      zh: "磁碟已滿或不能寫入，無法留下紀錄，所以不再送出任何東西。",
      en: "The disk is full or read-only; without a record nothing more is sent.",
    },
    next: { zh: "請清出空間後再執行。", en: "Make room and run it again." },
    after: "later",
  },
  "secret-missing": {
    explain: { zh: "找不到這個帳號的密碼。", en: "No password is stored for this account." },
    next: { zh: "請到主控台的 設定 › 密碼（或執行 credentials set）存入密碼。", en: "Run `credentials set`." },
    after: "person",
  },
  "keychain-locked": {
    explain: {
      zh: "鑰匙圈鎖著或沒有回應，或密碼庫打不開。",
      en: "The keychain is locked or does not answer, or the vault can't be opened.",
    },
    next: {
      zh: "請解鎖鑰匙圈，或確認密碼庫與金鑰檔的位置。",
      en: "Unlock it, or check the vault and its identity file.",
    },
    after: "person",
  },
  "keychain-denied": {
    explain: {
      zh: "鑰匙圈或金鑰檔不允許這個帳號讀取，或這台電腦沒有鑰匙圈。",
      en: "The keychain or the vault's key denies access to this account, or there is no keychain.",
    },
    next: {
      zh: '請在鑰匙圈允許機器人存取，或修正檔案權限；沒有桌面的伺服器請改用密碼庫檔（provider: "vault"）。',
      en: 'Allow the access, or mend the file\'s permissions; servers without a desktop use the vault (provider: "vault").',
    },
    after: "person",
  },
  "record-damaged": {
    explain: {
      zh: "這次執行先前留下的紀錄和原來不一樣，不能接著寫，所以停下來。",
      en: "What was recorded of this run earlier is not as it was written; nothing is added to it.",
    },
    next: {
      zh: "請執行 verify 看是哪裡被改過，保留整個資料夾；確認平台上的狀態後再重新執行。",
      en: "Run `verify` to see what was changed and keep the folder; check the portal before starting anew.",
    },
    after: "person",
  },
  "record-altered": {
    explain: {
      zh: "紀錄和當時寫下的不同，被更動過。",
      en: "The record is not as it was written; somebody changed it.",
    },
    next: {
      zh: "請保留整個資料夾，不要修改，並和另外保存或寄出的鏈尾、備份比對。",
      en: "Keep the folder as it is and compare it with the heads and copies that were kept elsewhere.",
    },
    after: "person",
  },
  "record-quarantined": {
    explain: {
      zh: "這次執行的紀錄裡發現了密碼或權杖，已隔離，不能匯出或寄出。",
      en: "A password or token was found in the record of this run. It is quarantined and must not leave this machine.",
    },
    next: {
      zh: "請看資料夾裡的 QUARANTINE.json，先更換列出的密碼，再決定怎麼處理這份紀錄。",
      en: "See QUARANTINE.json in the folder, change the secrets named there, then decide about the record.",
    },
    after: "person",
  },
  "deadline-passed": {
    explain: { zh: "法定期限已過。", en: "The statutory deadline has passed." },
    next: { zh: "請儘快補辦並洽主管稽徵機關。", en: "Do it at once and talk to the tax office." },
    after: "person",
  },
  "config-invalid": {
    explain: { zh: "設定檔有問題。", en: "The configuration is not right." },
    next: { zh: "請依訊息修正 robot.config.ts。", en: "Mend robot.config.ts as the message says." },
    after: "never",
  },
  "wrong-use": {
    explain: {
      zh: "命令或輸入的內容不對，沒有做任何事。",
      en: "The command or its input is not right. Nothing was done.",
    },
    next: { zh: "請依訊息修正；用法請看 --help。", en: "Mend it as the message says; see --help." },
    after: "never",
  },
  "live-not-confirmed": {
    explain: {
      zh: "這是第一次要對正式平台送出資料，還沒有得到您的同意。",
      en: "This would be the first submit to the real portal, and you have not agreed to it yet.",
    },
    next: {
      zh: "確認設定無誤後，加上 --live 再執行一次（每個安裝只需一次）。",
      en: "If the configuration is right, run it once more with --live (needed once per installation).",
    },
    after: "never",
  },
  "flow-changed": {
    explain: {
      zh: "這次執行是用另一個版本的流程開始的，不能用現在的版本接著做。",
      en: "This run was started with another version of the flow and can't go on with this one.",
    },
    next: {
      zh: "請用原來的版本完成，或取消後重新執行。",
      en: "Finish it with the old version, or cancel it and start again.",
    },
    after: "person",
  },
  "browser-missing": {
    explain: { zh: "這台電腦沒有可用的瀏覽器或顯示環境。", en: "No usable browser or display on this computer." },
    next: { zh: "請執行 doctor，照說明安裝。", en: "Run `doctor` and install what it names." },
    after: "never",
  },
  "program-error": {
    explain: { zh: "機器人程式本身出錯，已停下來。", en: "The robot itself has a fault and stopped." },
    next: { zh: "請保留紀錄並回報；確認平台上的狀態後再執行。", en: "Keep the record and report it." },
    after: "person",
  },
  cancelled: {
    explain: { zh: "這次執行已被取消。", en: "The run was cancelled." },
    next: { zh: "需要時可重新執行。", en: "Start it again when needed." },
    after: "never",
  },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof kinds;
export type Language = "zh" | "en";

/** Whether a text, for example out of the store, is one of the codes of this list. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(kinds, text);
}

/** Explanation, next step and what the machine may do, for one code. */
export function failureKind(code: FailureCode): FailureKind {
  return kinds[code];
}

/** Every code, in the order of the list; for documentation and completeness tests. */
export function failureCodes(): FailureCode[] {
  return Object.keys(kinds).filter(isFailureCode);
}

/** What is known about one failure besides its code. All of it is shown to people, so nothing secret belongs here. */
export type FailureDetail = {
  /** What the robot was about to do or looked for. */
  readonly wanted?: string;
  /** What was there instead. */
  readonly seen?: string;
  /** The page's own words. */
  readonly pageSays?: string;
  /** Where: the page's name as people know it. */
  readonly page?: string;
};

/** JSON form of a failure: what is stored, recorded and put into the command line's envelope. */
export type FailureData = FailureDetail & {
  readonly code: FailureCode;
  readonly message: string;
  readonly next: string;
};

/** An expected failure: one of the list, with what was wanted and seen. Anything else that is thrown is a fault of the program. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly detail: FailureDetail;

  constructor(code: FailureCode, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(failureMessage(code, detail, "zh"), options);
    this.code = code;
    this.detail = detail;
  }

  /** The failure as data, in one language. */
  toData(language: Language = "zh"): FailureData {
    return failureData(this.code, this.detail, language);
  }
}

/** The failure as data for people: explanation with the details, and the next step. */
export function failureData(code: FailureCode, detail: FailureDetail, language: Language = "zh"): FailureData {
  return { code, message: failureMessage(code, detail, language), next: kinds[code].next[language], ...detail };
}

function failureMessage(code: FailureCode, detail: FailureDetail, language: Language): string {
  const labels =
    language === "zh"
      ? { pageSays: "平台訊息", wanted: "要", seen: "看到", page: "頁面", colon: "：" }
      : { pageSays: "The page says", wanted: "Wanted", seen: "Seen", page: "Page", colon: ": " };
  const parts: string[] = [kinds[code].explain[language]];
  for (const key of ["pageSays", "wanted", "seen", "page"] as const) {
    const value = detail[key];
    if (value) parts.push(`${labels[key]}${labels.colon}${value}`);
  }
  return parts.join(" ");
}
