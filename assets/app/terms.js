// The words and forms that documents of more than one kind share (docs/FORMAT.md sections 1.3 to
// 1.9): each list stands here once. Not here: which document has which member.
import { text, words } from './canonical.js';

export const REASON = words(
  'nonconformity lab-result complaint fraud-suspected paperwork ' +
    'request-of-holder safety key-compromise capacity yield late age ceased error other',
);
export const ACTION = words('suspend reinstate withdraw hold release recall');
export const RETURN_TO = words('shop cooperative destroy');
export const ROLE = words(
  'authority certifier cooperative shop carrier laboratory inspector processor exporter',
);
export const PURPOSE = words('root assertion service label log receipt');
export const CUSTODY = words('self operator');
export const MODEL = words('identity-preserved segregated controlled-blending mass-balance');
export const ORIGIN = words('traced partly declared');
export const SCOPE_CHANGE = words('narrow suspend reinstate withdraw');
export const LANGUAGE = words('ar en es fr zgh');
export const CONTACT = { 'phone?': text, 'url?': text };
/** The commitments to laboratory bulletins. */
export const REPORTS = [
  {
    commitment: text,
    laboratory: text,
    sampledBy: words('certifier inspector laboratory cooperative'),
  },
];
