# Der Verlauf der Tags eines Repositorys.
history-filter = Verlauf filtern
history-filter-label = Nach Namen des Tags filtern
history-from = Von
history-to = bis
history-hide-future = Künftige Enden ausblenden
history-none = Es ist noch nichts mit einem Tag geschehen. Was hochgeladen, verschoben oder gelöscht wird, steht hier und lässt sich zurückholen.
history-no-match = Nichts im Verlauf passt.
history-coming = Demnächst
history-ends = endet
history-created = wurde angelegt bei { $to }
history-moved = wurde von { $from } nach { $to } verschoben
history-restored = wurde auf { $to } zurückgesetzt
history-deleted = wurde gelöscht; er zeigte auf { $from }
history-compare = Vergleichen
history-restore = Auf { $digest } zurücksetzen
history-purged = wurde angelegt; worauf es zeigte, ist endgültig gelöscht
