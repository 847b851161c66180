export { assetHref, type UiAsset, type UiAssetName, uiAssets } from './assets.ts';
export type { Brand, BrandTheme } from './brand.ts';
export { type AlertOptions, alert } from './components/alert.ts';
export { badge } from './components/badge.ts';
export {
  type ActionFormOptions,
  actionForm,
  type ButtonLook,
  button,
  buttonRow,
  link,
  linkButton,
} from './components/button.ts';
export { type CaseCardOptions, caseCard } from './components/caseCard.ts';
export { type ChartBarsOptions, chartBars } from './components/chartBars.ts';
export {
  type ChartColour,
  type ChartOptions,
  type ChartPoint,
  type ChartSeries,
  chartCsvLink,
} from './components/chartFrame.ts';
export { chartGrid } from './components/chartGrid.ts';
export { chartLines } from './components/chartLines.ts';
export { type ChartRow, chartCell, chartRows } from './components/chartRows.ts';
export { chartDays, chartHours, chartWeeks } from './components/chartTime.ts';
export { type ChecklistEntry, checklist } from './components/checklist.ts';
export { choiceList, type ListedChoice } from './components/choiceList.ts';
export { type CodeBlockOptions, codeBlock, xmlView } from './components/codeBlock.ts';
export { type CopyableOptions, copyable } from './components/copyable.ts';
export { type DecisionRule, type DecisionTableOptions, decisionTable } from './components/decisionTable.ts';
export {
  type Choice,
  checkbox,
  errorSummary,
  type FieldError,
  type FieldOptions,
  fileField,
  radioGroup,
  select,
  type TextFieldOptions,
  textArea,
  textField,
} from './components/field.ts';
export {
  MESSAGE_CONTENT_SECURITY_POLICY,
  messageDocument,
  messageFrame,
  messageText,
  pdfFrame,
} from './components/frame.ts';
export { type InboxItem, inbox } from './components/inbox.ts';
export {
  type CardOptions,
  card,
  disclosure,
  grid,
  type PageHeadingOptions,
  pageHeading,
  section,
  split,
  stack,
  tabs,
} from './components/layout.ts';
export {
  cursorPagination,
  type Description,
  descriptionList,
  emptyState,
  type FilterFormOptions,
  filterForm,
  pagination,
  type Stat,
  stat,
  stats,
} from './components/list.ts';
export { type PagePicture, pagePictures } from './components/pagePictures.ts';
export { type PipelineStage, pipeline, type StageState } from './components/pipeline.ts';
export { type SharePart, shareBar } from './components/shareBar.ts';
export { signedText } from './components/signedText.ts';
export { type Column, type TableOptions, table } from './components/table.ts';
export { time } from './components/time.ts';
export { type TimelineEntry, timeline } from './components/timeline.ts';
export { type ErrorPageOptions, errorPage } from './errorPage.ts';
export { createErrorText, type ErrorText, errorTitle } from './errorTexts.ts';
export {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDay,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRecipientId,
  formatTime,
  relativeTime,
  TIME_ZONE,
  type TimeStyle,
} from './format.ts';
export { href, UnsafeHrefError } from './href.ts';
export { attributes, escapeHtml, type HtmlValue, html, join, raw, render, SafeHtml } from './html.ts';
export { type IconName, icon } from './icons.ts';
export { isLanguage, LANGUAGES, type Language, pickLanguage } from './language.ts';
export type { LogoName } from './logo.ts';
export { type NavigationItem, type PageOptions, type PageUser, page } from './page.ts';
export { createTexts, type TextEntry, type TextTable, type Translated } from './texts.ts';
export type { Tone } from './tone.ts';
export { withLanguage } from './withLanguage.ts';
