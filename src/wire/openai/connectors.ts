/** Services that the vendor reaches by itself, as hosted tool servers. */
export const connectors = [
  'connector_dropbox',
  'connector_gmail',
  'connector_googlecalendar',
  'connector_googledrive',
  'connector_microsoftteams',
  'connector_outlookcalendar',
  'connector_outlookemail',
  'connector_sharepoint',
] as const;

export type Connector = (typeof connectors)[number];
