package dev.heddle.http.internal.websocket;

import dev.heddle.HeddleException;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;

/**
 * The failure of a peer that broke a rule of the protocol or a limit of ours: how the parts of a socket tell its owner,
 * who closes it.
 */
public final class WebSocketViolation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient HeddleException forCaller;

    private WebSocketViolation(int code, String message, HeddleException forCaller) {
        super(message, null, false, false);
        this.code = code;
        this.forCaller = forCaller;
    }

    /** What is no WebSocket. */
    static WebSocketViolation of(int code, String message) {
        return new WebSocketViolation(code, message, new MalformedMessageException("the peer sent " + message));
    }

    /** What is too long. */
    static WebSocketViolation tooLong(String what, long limit) {
        var error = new LimitExceededException("the peer's " + what, limit);
        return new WebSocketViolation(CloseCodes.TOO_BIG, what + " longer than " + limit + " bytes", error);
    }

    /** The code of the close. */
    public int code() {
        return code;
    }

    /** What the task gets that received. */
    HeddleException forCaller() {
        return forCaller;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
