package dev.heddle.http;

/**
 * What a reply begins with.
 *
 * @param status 200 to 999
 * @param reason the words behind the status; empty with HTTP/2, which has none
 * @param headers the fields as they came
 * @param protocol the version of the connection it came over
 */
record ReplyHead(int status, String reason, Headers headers, Protocol protocol) {}
