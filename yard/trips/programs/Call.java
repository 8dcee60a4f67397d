import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One call of the client on a kept connection. */
final class Call {

    static void main() throws IOException {
        var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> answer(server));
        String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
        run(() -> {
            try (var client = HttpClient.create()) {
                for (int i = 0; i < 50; i++) {
                    client.get(url).text();
                }
                sleep(Duration.ofMillis(300));
                Trip.begin();
                client.get(url).text();
                Trip.end();
            }
        });
    }

    private static void answer(ServerSocket server) {
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = server.accept()) {
            while (socket.getInputStream().read(new byte[4096]) > 0) {
                socket.getOutputStream().write(answer);
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }
}
