package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Frames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames are of the right size, on the right stream and in the right order, at each limit and however they are cut. */
final class Http2FrameReaderTest {

    private static final int MAX_FRAME = 20;
    private static final int MAX_BLOCK = 30;
    private static final int MAX_CONTINUATIONS = 3;

    private final Recorder recorder = new Recorder();
    private final Http2FrameReader reader = new Http2FrameReader(recorder, MAX_FRAME, MAX_BLOCK, MAX_CONTINUATIONS);

    /** A frame as in {@code HEADERS 4 1 8286}: type, flags, stream and content in hex, {@code -} for none. */
    private static byte[] frame(String text) {
        String[] parts = text.strip().split(" ");
        int type = List.of("DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY",
                "WINDOW_UPDATE", "CONTINUATION", "UNKNOWN").indexOf(parts[0]);
        byte[] content = HexFormat.of().parseHex(parts[3].replace("-", ""));
        return ByteBuffer.allocate(9 + content.length)
                .putInt(content.length << 8 | type)
                .put(Byte.parseByte(parts[1], 16))
                .putInt(Integer.parseUnsignedInt(parts[2], 16))
                .put(content)
                .array();
    }

    private static byte[] frames(String text) {
        var all = new ByteArrayOutputStream();
        for (String each : text.split(",")) {
            all.writeBytes(frame(each));
        }
        return all.toByteArray();
    }

    private void settle() {
        reader.read(ByteBuffer.wrap(frame("SETTINGS 0 0 -")));
        recorder.events.clear();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "DATA 0 1 aabb | begin 1 2, data aabb, end 1 0",
            "DATA 1 80000001 aabb | begin 1 2 last, data aabb, end 1 0 last",
            "DATA 8 1 02aabb0000 | begin 1 5, data aabb, end 1 3",
            "DATA 8 1 00aabb | begin 1 3, data aabb, end 1 1",
            "DATA 8 1 020000 | begin 1 3, end 1 3",
            "DATA 0 1 - | begin 1 0, end 1 0",
            "DATA 8 1 00 | begin 1 1, end 1 1",
            "HEADERS 4 1 8286 | headers 1 8286",
            "HEADERS 5 1 8286 | headers 1 8286 last",
            "HEADERS 4 1 - | headers 1",
            "HEADERS c 1 0182868400 | headers 1 828684",
            "HEADERS c 1 00 | headers 1",
            "HEADERS 24 1 000000030a8286 | headers 1 8286",
            "HEADERS 24 1 800000030a | headers 1",
            "HEADERS 2c 1 01000000030a828600 | headers 1 8286",
            "HEADERS 2d 1 010000000305ff00 | headers 1 ff last",
            "PRIORITY 0 1 0000000305 | ''",
            "RST_STREAM 0 1 00000008 | reset 1 CANCEL",
            "SETTINGS 0 0 000300000005000400010000 | setting 3 5, setting 4 65536, settings end",
            "SETTINGS 0 0 fffe80000000 | setting 65534 -2147483648, settings end",
            "SETTINGS 1 0 - | settings ack",
            "PING 0 0 0102030405060708 | ping 72623859790382856",
            "PING 1 0 0000000000000001 | pong 1",
            "GOAWAY 0 0 8000000500000001 | goaway 5 PROTOCOL_ERROR",
            "GOAWAY 0 0 000000050000000041 | goaway 5 NO_ERROR",
            "WINDOW_UPDATE 0 0 80000001 | window 0 1",
            "WINDOW_UPDATE 0 3 7fffffff | window 3 2147483647",
            "UNKNOWN 7f 0 0102 | ''",
            "HEADERS 0 1 8286, CONTINUATION 4 1 84 | headers 1 828684",
            "HEADERS 1 1 -, CONTINUATION 0 1 82, CONTINUATION 0 1 -, CONTINUATION 4 1 86 | headers 1 8286 last",
            "HEADERS 1 1 82, CONTINUATION 4 1 86, HEADERS 4 3 84 | headers 1 8286 last, headers 3 84",
            "HEADERS 8 1 018200, CONTINUATION 4 1 86 | headers 1 8286",
            "HEADERS 20 1 00000003ff82, CONTINUATION 4 1 86 | headers 1 8286",
            "DATA 0 1 0102030405060708090a0b0c0d0e0f1011121314 | "
                    + "begin 1 20, data 0102030405060708090a0b0c0d0e0f1011121314, end 1 0"})
    void framesAreReadAlikeHoweverTheyAreCut(String text, String events) {
        byte[] bytes = frames(text);
        for (int step = 1; step <= bytes.length; step++) {
            var pieces = new Recorder();
            var cut = new Http2FrameReader(pieces, MAX_FRAME, MAX_BLOCK, MAX_CONTINUATIONS);
            cut.read(ByteBuffer.wrap(frame("SETTINGS 0 0 -")));
            pieces.events.clear();
            ByteBuffer in = ByteBuffer.wrap(bytes);
            for (int end = step; in.position() < bytes.length; end += step) {
                cut.read(in.limit(Math.min(end, bytes.length)));
            }
            assertEquals(events, String.join(", ", Frames.merged(pieces.events)), "by " + step);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "DATA 0 0 aa | PROTOCOL_ERROR",
            "DATA 8 1 -, PING 0 0 0102030405060708 | PROTOCOL_ERROR",
            "DATA 8 1 03aabb | PROTOCOL_ERROR",
            "DATA 8 1 01 | PROTOCOL_ERROR",
            "DATA 0 1 0102030405060708090a0b0c0d0e0f101112131415 | FRAME_SIZE_ERROR",
            "UNKNOWN 0 1 0102030405060708090a0b0c0d0e0f101112131415 | FRAME_SIZE_ERROR",
            "HEADERS 4 0 82 | PROTOCOL_ERROR",
            "HEADERS c 1 - | FRAME_SIZE_ERROR",
            "HEADERS c 1 0182 | ''",
            "HEADERS c 1 0282 | PROTOCOL_ERROR",
            "HEADERS 24 1 00000003 | FRAME_SIZE_ERROR",
            "HEADERS 2c 1 010000000305 | FRAME_SIZE_ERROR",
            "HEADERS 24 1 0000000105 | PROTOCOL_ERROR",
            "HEADERS 24 1 8000000105 | PROTOCOL_ERROR",
            "PRIORITY 0 0 0000000305 | PROTOCOL_ERROR",
            "PRIORITY 0 1 00000003 | stream 1 FRAME_SIZE_ERROR",
            "PRIORITY 0 1 000000030506 | stream 1 FRAME_SIZE_ERROR",
            "PRIORITY 0 3 0000000305 | PROTOCOL_ERROR",
            "PRIORITY 0 3 8000000305 | PROTOCOL_ERROR",
            "RST_STREAM 0 0 00000008 | PROTOCOL_ERROR",
            "RST_STREAM 0 1 000008 | FRAME_SIZE_ERROR",
            "SETTINGS 0 1 - | PROTOCOL_ERROR",
            "SETTINGS 1 0 000300000005 | FRAME_SIZE_ERROR",
            "SETTINGS 0 0 0003000000 | FRAME_SIZE_ERROR",
            "PING 0 1 0102030405060708 | PROTOCOL_ERROR",
            "PING 0 0 01020304050607 | FRAME_SIZE_ERROR",
            "GOAWAY 0 1 0000000500000001 | PROTOCOL_ERROR",
            "GOAWAY 0 0 00000005000000 | FRAME_SIZE_ERROR",
            "WINDOW_UPDATE 0 1 00000000 | stream 1 PROTOCOL_ERROR",
            "WINDOW_UPDATE 0 0 80000000 | PROTOCOL_ERROR",
            "WINDOW_UPDATE 0 1 000001 | FRAME_SIZE_ERROR",
            "PUSH_PROMISE 4 1 00000002 | PROTOCOL_ERROR",
            "CONTINUATION 4 1 82 | PROTOCOL_ERROR",
            "HEADERS 0 1 82, CONTINUATION 4 3 82 | PROTOCOL_ERROR",
            "HEADERS 0 1 82, DATA 0 1 82 | PROTOCOL_ERROR",
            "HEADERS 0 1 82, UNKNOWN 0 0 - | PROTOCOL_ERROR",
            "HEADERS 4 1 82, CONTINUATION 4 1 82 | PROTOCOL_ERROR",
            "HEADERS 0 1 82, CONTINUATION 4 1 82, CONTINUATION 4 1 82 | PROTOCOL_ERROR",
            "HEADERS 0 1 -, CONTINUATION 0 1 -, CONTINUATION 0 1 -, CONTINUATION 4 1 - | ''",
            "HEADERS 0 1 -, CONTINUATION 0 1 -, CONTINUATION 0 1 -, CONTINUATION 0 1 -, CONTINUATION 4 1 - "
                    + "| ENHANCE_YOUR_CALM",
            "HEADERS 0 1 0102030405060708090a0b0c0d0e0f1011121314, CONTINUATION 4 1 0102030405060708090a | ''",
            "HEADERS 0 1 0102030405060708090a0b0c0d0e0f1011121314, CONTINUATION 4 1 0102030405060708090a0b "
                    + "| ENHANCE_YOUR_CALM"})
    void wrongFramesAreTheFaultOfTheirConnectionOrStream(String text, String fault) {
        settle();
        ByteBuffer in = ByteBuffer.wrap(frames(text));
        if (fault.isEmpty() || fault.startsWith("stream")) {
            reader.read(in);
            assertEquals(fault, String.join(", ", recorder.faults));
        } else {
            Http2Fault thrown = assertThrows(Http2Fault.class, () -> reader.read(in));
            assertEquals(0, thrown.stream());
            assertEquals(fault, thrown.error().name());
        }
    }

    @Test
    void faultOfAStreamIsToldAndTheNextFrameIsRead() {
        settle();
        recorder.failing = true;
        reader.read(ByteBuffer.wrap(frames("DATA 0 1 aa, WINDOW_UPDATE 0 3 00000000, PING 0 0 0000000000000007")));
        assertEquals(List.of("stream 1 STREAM_CLOSED", "stream 3 PROTOCOL_ERROR"), recorder.faults);
        assertEquals("ping 7", recorder.events.getLast());
    }

    @Test
    void faultOfTheConnectionAtTheEndOfDataEndsTheReading() {
        settle();
        recorder.fatal = true;
        assertThrows(Http2Fault.class, () -> reader.read(ByteBuffer.wrap(frames("DATA 0 1 aa"))));
        assertEquals(List.of(), recorder.faults);
    }

    @Test
    void nothingComesBeforeTheFirstSettings() {
        for (String text : List.of("PING 0 0 0102030405060708", "SETTINGS 1 0 -", "UNKNOWN 0 0 -")) {
            var fresh = new Http2FrameReader(new Recorder(), MAX_FRAME, MAX_BLOCK, MAX_CONTINUATIONS);
            Http2Fault fault = assertThrows(Http2Fault.class, () -> fresh.read(ByteBuffer.wrap(frame(text))));
            assertEquals(Http2Error.PROTOCOL_ERROR, fault.error());
            assertFalse(fresh.isSettled());
        }
        reader.read(ByteBuffer.wrap(frame("SETTINGS 0 0 -")));
        assertTrue(reader.isSettled());
        reader.read(ByteBuffer.wrap(frame("SETTINGS 1 0 -")));
    }

    @Test
    void readerSaysHowManyBytesItNeeds() {
        settle();
        assertEquals(9, reader.read(ByteBuffer.allocate(0)));
        assertEquals(9, reader.read(ByteBuffer.wrap(frame("PING 0 0 0102030405060708"), 0, 8)));
        assertEquals(17, reader.read(ByteBuffer.wrap(frame("PING 0 0 0102030405060708"), 0, 9)));
        assertEquals(17, reader.read(ByteBuffer.wrap(frame("PING 0 0 0102030405060708"), 0, 16)));
        assertEquals(10, reader.read(ByteBuffer.wrap(frame("DATA 8 1 02aabb0000"), 0, 9)));
        ByteBuffer data = ByteBuffer.wrap(frame("DATA 0 1 aabb"), 0, 10);
        assertEquals(1, reader.read(data));
        assertEquals(0, data.remaining());
        assertEquals(9, reader.read(data.limit(11)));
    }

    @Test
    void frameAndBlockThatHaveBegunAreOwedAndABodyIsNot() {
        settle();
        ByteBuffer none = ByteBuffer.allocate(0);
        assertFalse(reader.isInside(none));
        assertTrue(reader.isInside(ByteBuffer.allocate(1)));
        reader.read(ByteBuffer.wrap(frame("DATA 0 1 aabb"), 0, 10));
        assertFalse(reader.isInside(none));
        assertFalse(reader.isInside(ByteBuffer.allocate(1)));
        reader.read(ByteBuffer.wrap(new byte[]{0}));
        assertFalse(reader.isInsideBlock());
        reader.read(ByteBuffer.wrap(frame("HEADERS 0 1 82")));
        assertTrue(reader.isInsideBlock());
        assertTrue(reader.isInside(none));
        reader.read(ByteBuffer.wrap(frame("CONTINUATION 4 1 86")));
        assertFalse(reader.isInsideBlock());
    }

    /** Writes down what it is told. */
    private static final class Recorder implements Http2FrameHandler {

        final List<String> events = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        boolean failing;
        boolean fatal;

        @Override
        public void frame(int type, int flags, int length) {}

        @Override
        public void beginData(int stream, int length, boolean end) {
            events.add("begin " + stream + " " + length + (end ? " last" : ""));
        }

        @Override
        public void data(ByteBuffer piece) {
            events.add("data " + Frames.hex(piece));
        }

        @Override
        public void endData(int stream, int padding, boolean end) {
            events.add("end " + stream + " " + padding + (end ? " last" : ""));
            if (fatal) {
                throw Http2Fault.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "as asked");
            }
            if (failing) {
                throw Http2Fault.ofStream(stream, Http2Error.STREAM_CLOSED, "as asked");
            }
        }

        @Override
        public void headers(int stream, ByteBuffer block, boolean end) {
            events.add(("headers " + stream + " " + Frames.hex(block)).strip() + (end ? " last" : ""));
        }

        @Override
        public void reset(int stream, Http2Error error) {
            events.add("reset " + stream + " " + error);
        }

        @Override
        public void setting(int id, int value) {
            events.add("setting " + id + " " + value);
        }

        @Override
        public void settingsEnd() {
            events.add("settings end");
        }

        @Override
        public void settingsAck() {
            events.add("settings ack");
        }

        @Override
        public void ping(boolean ack, long content) {
            events.add((ack ? "pong " : "ping ") + content);
        }

        @Override
        public void goAway(int lastStream, Http2Error error) {
            events.add("goaway " + lastStream + " " + error);
        }

        @Override
        public void priorityUpdate(int stream, String value) {
            events.add("priority " + stream + " " + value);
        }

        @Override
        public void windowUpdate(int stream, int increment) {
            events.add("window " + stream + " " + increment);
        }

        @Override
        public void fault(Http2Fault fault) {
            faults.add("stream " + fault.stream() + " " + fault.error());
        }
    }
}
