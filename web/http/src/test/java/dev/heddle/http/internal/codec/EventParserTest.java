package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.http.ServerSentEvent;
import dev.heddle.io.LimitExceededException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event streams are read as the specification has it, however they are cut into pieces. */
final class EventParserTest {

    private static List<ServerSentEvent> whole(String stream) {
        return parsed(stream, Integer.MAX_VALUE);
    }

    private static List<ServerSentEvent> parsed(String stream, int pieceBytes) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        var parser = new EventParser("test", "");
        var events = new ArrayList<ServerSentEvent>();
        for (int at = 0; at < bytes.length;) {
            int count = Math.min(pieceBytes, bytes.length - at);
            byte[] piece = new byte[count];
            System.arraycopy(bytes, at, piece, 0, count);
            parser.feed(piece, count);
            at += count;
            for (ServerSentEvent e = parser.poll(); e != null; e = parser.poll()) {
                events.add(e);
            }
        }
        assertEquals(pieceBytes == 1 ? events : parsed(stream, 1), events);
        return events;
    }

    private static List<String> data(String stream) {
        return whole(stream).stream().map(ServerSentEvent::data).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void linesMayEndInAnyOfThreeWays(String end) {
        String stream = "data: a\ndata:b\n\nevent: x\nid: 7\ndata: c\n\n".replace("\n", end);
        assertEquals(List.of(ServerSentEvent.of("a\nb"), ServerSentEvent.of("c").withName("x").withId("7")),
                whole(stream));
    }

    @Test
    void returnEndsAnEventWithoutWaitingForWhatFollows() {
        var parser = new EventParser("test", "");
        parser.feed("data: a\r\r".getBytes(StandardCharsets.UTF_8), 9);
        assertEquals(ServerSentEvent.of("a"), parser.poll());
        parser.feed("\ndata: b\r\n\r".getBytes(StandardCharsets.UTF_8), 11);
        assertEquals(ServerSentEvent.of("b"), parser.poll());
    }

    @Test
    void oneSpaceBehindTheColonBelongsToIt() {
        assertEquals(List.of("a", " a", "a", ""), data("data:a\n\ndata:  a\n\ndata: a\n\ndata\n\n"));
        assertEquals(List.of("\n"), data("data\ndata\n\n"));
        assertEquals(List.of(), data("data :a\n\n"));
    }

    @Test
    void byteOrderMarkAtTheStartIsSkippedAndNoOther() {
        assertEquals(List.of("a"), data("\ufeffdata: a\n\n"));
        assertEquals(List.of("\ufeffa"), data("data: \ufeffa\n\n"));
        assertEquals(List.of(), data("\n\ufeffdata: a\n\n"));
    }

    @Test
    void commentsAndUnknownFieldsAreSkipped() {
        assertEquals(List.of("a"), data(": hello\nfoo: bar\ndata: a\n:\n\n: x\n\n"));
    }

    @Test
    void withoutDataThereIsNoEvent() {
        assertEquals(List.of("b"), data("event: x\n\nid: 1\n\n\n\ndata: b\n\n"));
        assertEquals("message", whole("event: x\n\ndata: b\n\n").getFirst().name());
    }

    @Test
    void whatTheStreamDoesNotEndWasNoEvent() {
        assertEquals(List.of("a"), data("data: a\n\ndata: b\n"));
    }

    @Test
    void idStaysInForceUntilAnotherComes() {
        List<ServerSentEvent> events = whole("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\u0000y\ndata: d\n\n");
        assertEquals(List.of("1", "1", "", ""), events.stream().map(ServerSentEvent::id).toList());
    }

    @Test
    void lastIdIsThatOfAWholeEvent() {
        var parser = new EventParser("test", "0");
        parser.feed("id: 1\n".getBytes(StandardCharsets.UTF_8), 6);
        assertEquals("0", parser.lastId());
        parser.feed("\n".getBytes(StandardCharsets.UTF_8), 1);
        assertEquals("1", parser.lastId());
    }

    @Test
    void retryHasDigitsOnly() {
        List<ServerSentEvent> events = whole(
                "retry: 1500\ndata: a\n\nretry: -1\ndata: b\n\nretry: 1s\nretry: \u0661\ndata: c\n\nretry: 9999999999999\ndata: d\n\n");
        assertEquals(List.of(Duration.ofMillis(1500), Duration.ZERO, Duration.ZERO, Duration.ZERO),
                events.stream().map(ServerSentEvent::retry).toList());
    }

    @Test
    void malformedUtf8IsReplaced() {
        var parser = new EventParser("test", "");
        parser.feed(new byte[]{'d', 'a', 't', 'a', ':', (byte) 0xff, '\n', '\n'}, 8);
        assertEquals(ServerSentEvent.of("\ufffd"), parser.poll());
    }

    @Test
    void eventWithoutAnEndIsBounded() {
        var parser = new EventParser("test", "");
        byte[] part = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);
        assertThrows(LimitExceededException.class, () -> {
            for (int i = 0; i < 2_000; i++) {
                parser.feed(part, part.length);
            }
        });
        var lines = new EventParser("test", "");
        byte[] line = ("data: " + "x".repeat(1024) + "\n").getBytes(StandardCharsets.UTF_8);
        assertThrows(LimitExceededException.class, () -> {
            for (int i = 0; i < 2_000; i++) {
                lines.feed(line, line.length);
            }
        });
    }

    @Test
    void whatIsWrittenIsRead() {
        for (String text : List.of("", "a", "a\nb", "a\r\nb\rc\n", "\n", ": x", " lead", "data: x\n\n",
                "\u00e4\u4e16")) {
            ServerSentEvent event = ServerSentEvent.of(text).withName("n").withId("i").withRetry(Duration.ofMillis(5));
            ServerSentEvent read = whole(event.text()).getFirst();
            assertEquals(text.replace("\r\n", "\n").replace('\r', '\n'), read.data());
            assertEquals(event.withName(read.name()), new ServerSentEvent(text, read.name(), read.id(), read.retry()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\ndata: x", "\u0000"})
    void lineEndInANameOrIdIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("x").withName(text));
        assertThrows(IllegalArgumentException.class, () -> ServerSentEvent.of("x").withId(text));
    }
}
