package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.FrameWire;
import dev.heddle.http.StreamDeed;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer over HTTP/2 is whole when its stream has been ended (RFC 9113, section 8.1), and else told to be cut, again
 * and again, whatever its server does to the stream or the connection and whatever waits meanwhile.
 */
final class Http2WholeAnswerTest {

    /** What is asked: nothing waits but the reader, or a body as well, for a window that never opens. */
    enum Question {
        GET,
        DUPLEX_POST
    }

    static Stream<Arguments> cells() {
        return Stream.of(StreamDeed.values()).flatMap(deed -> Stream.of(Question.values())
                .flatMap(question -> Stream.of(true, false).map(first -> Arguments.of(deed, question, first))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void answerIsWholeOrCutWhateverWaits(StreamDeed deed, Question question, boolean readerFirst) {
        Sim.run(() -> {
            var read = Event.named("half has been read");
            var acted = Event.named("the server has acted");
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
            Task<Void> server = Heddle.spawn(() -> {
                try {
                    FrameWire wire = FrameWire.server(pair.right());
                    wire.read(Http2Frame.HEADERS);
                    deed.begin(wire);
                    if (readerFirst) {
                        read.await();
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                    deed.play(wire);
                    acted.set();
                    pair.right().readAll(1 << 20);
                } catch (BrokenException | ClosedException gone) {
                    // The client has ended the connection.
                }
            });
            try (HttpClient http = HttpClient.builder().http2PriorKnowledge().connector((host, port) -> pair.left())
                    .build();
                    Reply reply = send(http, question)) {
                if (readerFirst) {
                    assertEquals(4, reply.read(new byte[10]));
                    read.set();
                } else {
                    acted.await();
                    Heddle.sleep(Duration.ofSeconds(1));
                }
                Class<? extends HeddleException> failure = deed.failure();
                if (failure == null) {
                    int left = readerFirst ? 0 : reply.read(new byte[10]);
                    assertEquals(readerFirst ? 0 : 4, left);
                    assertEquals(-1, reply.read(new byte[10]));
                    assertEquals(-1, reply.read(new byte[10]));
                } else {
                    var first = assertThrows(failure, () -> {
                        for (int i = 0; i < 2; i++) {
                            reply.read(new byte[10]);
                        }
                    });
                    assertTrue(first.getMessage().contains("http://site"), first.getMessage());
                    for (int i = 0; i < 2; i++) {
                        var again = assertThrows(failure, reply::bytes);
                        assertSame(first.getClass(), again.getClass());
                        assertEquals(first.getMessage(), again.getMessage());
                    }
                }
            } catch (BrokenException e) {
                // The reset of a connection may come before the head is read, while the question is written.
                assertTrue(deed == StreamDeed.RESET_OF_THE_CONNECTION && !readerFirst, e::toString);
                assertTrue(e.getMessage().contains("http://site"), e.getMessage());
            }
            pair.right().close();
            server.join();
        });
    }

    private static Reply send(HttpClient http, Question question) {
        ClientRequest request = http.request(question == Question.GET ? "GET" : "POST", "http://site/")
                .timeout(Duration.ofMinutes(1));
        return question == Question.GET ? request.send() : request.body(new byte[1_000_000]).duplex().send();
    }
}
