/** What stands at `/` while there is no form. No style and no script: its security policy allows none inline. */
export const WELCOME_PAGE = `<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ZZap ↔ RetailCRM</title>
<h1>ZZap ↔ RetailCRM</h1>
<p>Сервис работает. Его программный интерфейс описан здесь: <a href="/openapi.json">/openapi.json</a></p>
<p lang="en">The service is running. Its API is described here: <a href="/openapi.json">/openapi.json</a></p>
</html>
`;
