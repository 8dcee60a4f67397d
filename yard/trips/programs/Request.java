import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One request of HTTP/1.1 on a kept connection, with the server's next wait. */
final class Request {

    private static final int REQUESTS = 60;

    static void main() {
        run(() -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("hello")).start("127.0.0.1", 0);
            Thread.ofPlatform().daemon().start(() -> ask(server.port()));
            sleep(Duration.ofMinutes(1));
        });
    }

    private static void ask(int port) {
        byte[] question = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket("127.0.0.1", port)) {
            for (int i = 1; i <= REQUESTS; i++) {
                Thread.sleep(i < REQUESTS - 5 ? 2 : 300); // the loop rests before the one that counts
                if (i == REQUESTS) {
                    Trip.begin();
                }
                socket.getOutputStream().write(question);
                socket.getInputStream().read(new byte[4096]);
            }
            Thread.sleep(400);
            Trip.end();
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
