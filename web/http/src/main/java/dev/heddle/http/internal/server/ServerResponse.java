package dev.heddle.http.internal.server;

import dev.heddle.http.Headers;
import java.util.function.Supplier;

/** A response as its sender sees it. */
public interface ServerResponse {

    /** 101, or 200 to 599. */
    int status();

    /** Without those that the sender adds. */
    Headers headers();

    ResponseBody body();

    /** Says what follows the body, once that is written. */
    Supplier<Headers> trailers();
}
