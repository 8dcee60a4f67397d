package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.server.ServerResponse;
import java.util.function.Supplier;

/** The one kind of {@link Response}, with what its sender needs of it and users do not see. */
final class RealResponse extends Response implements ServerResponse {

    RealResponse(int status, Headers headers, ResponseBody body) {
        this(status, headers, body, RealResponse::noTrailers);
    }

    RealResponse(int status, Headers headers, ResponseBody body, Supplier<Headers> trailers) {
        super(status, headers, body, trailers);
    }

    private static Headers noTrailers() {
        return Headers.EMPTY;
    }

    @Override
    public ResponseBody body() {
        return body;
    }

    @Override
    public Supplier<Headers> trailers() {
        return super.trailers();
    }
}
