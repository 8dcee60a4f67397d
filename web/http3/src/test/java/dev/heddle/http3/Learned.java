package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import java.time.Duration;

/** A client that knows where HTTP/3 is. */
final class Learned {

    private Learned() {}

    /**
     * Asks until HTTP/3 answers. A process that has just begun, on a busy machine, may be too slow for the first tries.
     *
     * @param told a page whose response says where HTTP/3 is
     * @param asked one of those that are there
     */
    static void awaitHttp3(HttpClient client, String told, String asked) {
        boolean learned = false;
        for (int i = 0; i < 50 && !learned; i++) {
            client.get(told).bytes();
            learned = client.get(asked).version().equals("HTTP/3");
            if (!learned) {
                Heddle.sleep(Duration.ofSeconds(1));
            }
        }
        assertTrue(learned, "nobody answers by HTTP/3");
    }
}
