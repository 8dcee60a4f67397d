package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.Protocol;

/**
 * The head of a reply.
 *
 * @param status 200 to 999
 * @param reason the words behind the status; empty with HTTP/2, which has none
 * @param headers the fields as they came
 * @param protocol the version of the connection it came over
 */
public record ReplyHead(int status, String reason, Headers headers, Protocol protocol) {}
