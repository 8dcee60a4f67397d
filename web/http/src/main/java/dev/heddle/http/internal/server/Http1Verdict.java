package dev.heddle.http.internal.server;

/** The verdict on a connection of HTTP/1 behind a response: what becomes of it. */
enum Http1Verdict {

    /** The next request may follow. */
    KEEP,

    /** Another protocol goes on: {@link Http1ServerExchange#successor}. */
    SWITCH,

    /** The peer speaks HTTP/2, as its first bytes say. */
    HTTP_2,

    /** It ends: the peer sends no more. */
    CLOSE,

    /** It ends though the peer may be sending, so that a plain close could destroy the response on its way. */
    LINGER,

    /** It ends though the peer certainly is sending: there is more of a request than was read. */
    LINGER_UNREAD,

    /** The response is not whole and cannot be: nothing may follow it, not even a good end of the stream. */
    CUT
}
