package shop;

import dev.heddle.Heddle;
import dev.heddle.http.server.AccessRecord;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.time.Duration;

/** A server's user: each method is the line that the log should name. */
public final class Shop {

    private Shop() {}

    public static Response fail(Request request) {
        throw new IllegalStateException("no stock");
    }

    public static Response hang(Request request) {
        Heddle.sleep(Duration.ofHours(1));
        return Response.text("");
    }

    public static Response leave(Request request) {
        Heddle.spawn("mail", () -> Heddle.sleep(Duration.ofHours(1)));
        return Response.text("");
    }

    public static Response stream(Request request) {
        return Response.stream("text/plain", out -> {}).onEnd(Shop::close);
    }

    private static void close() {
        throw new IllegalStateException("closed already");
    }

    public static void check() {
        throw new IllegalStateException("no database");
    }

    public static void slowCheck() {
        Heddle.sleep(Duration.ofHours(1));
    }

    public static void note(AccessRecord record) {
        throw new IllegalStateException("no paper");
    }
}
