package dev.heddle.http.internal.websocket;

import java.nio.charset.StandardCharsets;

/** The status codes of a close (RFC 6455, section 7.4, and the registry that it founds, as of 2026-11). */
public final class CloseCodes {

    public static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    public static final int POLICY = 1008;
    static final int NO_CODE = 1005;
    static final int LOST = 1006;
    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;
    public static final int FAILED = 1011;

    /** Most bytes of a reason: a control frame holds 125, the code takes two. */
    private static final int MAX_REASON_BYTES = 123;

    private CloseCodes() {}

    /** Whether a close frame may carry the code. */
    static boolean isValid(int code) {
        return (code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != LOST)
                || (code >= 3000 && code <= 4999);
    }

    /** The payload of the answer to a close: the same code, if there was one. */
    static byte[] answer(int code) {
        return code == NO_CODE ? new byte[0] : payload(code, "");
    }

    /**
     * The payload of a close frame.
     *
     * @throws IllegalArgumentException if the code may not be sent or the reason is too long
     */
    public static byte[] payload(int code, String reason) {
        if (!isValid(code)) {
            throw new IllegalArgumentException(
                    "close code is " + code + ", must be 1000 to 1014, without 1004 to 1006, or 3000 to 4999");
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "reason has " + text.length + " bytes as UTF-8, most are " + MAX_REASON_BYTES);
        }
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return payload;
    }
}
