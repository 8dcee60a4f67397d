package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.junit.jupiter.api.Test;

/** The reader of frames beside Jetty's: the same bytes, cut at random, give the same frames, or are refused by both. */
final class Http2FrameDifferentialTest {

    private static final String REFUSED = "refused";

    /** What our reader makes of the bytes, piece by piece. */
    private static List<String> ours(byte[] bytes, Random random) {
        List<String> events = new ArrayList<>();
        var reader = new Http2FrameReader(new Recorder(events), 16_384, 65_536, 100);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int end = 0;
        try {
            while (end < bytes.length) {
                end = Math.min(bytes.length, end + 1 + random.nextInt(30));
                reader.read(all.limit(end));
            }
        } catch (Http2Fault refused) {
            events.add(REFUSED);
        }
        return events;
    }

    private static List<String> jettys(byte[] bytes) {
        List<String> events = new ArrayList<>();
        var parser = new Parser(new ByteBufferPool.NonPooling(), 65_536);
        parser.init(new JettyRecorder(events));
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining() && !events.contains(REFUSED)) {
            parser.parse(in);
        }
        return events;
    }

    @Test
    void theSameBytesGiveTheSameFrames() {
        int[] counts = new int[2];
        for (int seed = 0; seed < 5_000; seed++) {
            var random = new Random(seed);
            ByteBuffer out = ByteBuffer.allocate(64 * 1024);
            frame(out, Http2Frame.SETTINGS, 0, 0, new byte[0]);
            for (int i = random.nextInt(10); i > 0; i--) {
                randomFrame(out, random);
            }
            byte[] bytes = new byte[out.flip().remaining()];
            out.get(bytes);
            List<String> theirs = merged(jettys(bytes));
            List<String> ours = merged(ours(bytes, random));
            assertEquals(theirs, ours, "seed " + seed);
            counts[ours.contains(REFUSED) ? 0 : 1]++;
        }
        assertTrue(counts[0] > 500 && counts[1] > 500, counts[0] + " refused, " + counts[1] + " read");
    }

    /** DATA comes in pieces, differently cut; what follows a refusal does not count. */
    private static List<String> merged(List<String> events) {
        List<String> merged = new ArrayList<>();
        for (String event : events) {
            if (event.equals(REFUSED)) {
                merged.add(event);
                break;
            }
            int last = merged.size() - 1;
            if (event.startsWith("data ") && last >= 0 && merged.get(last).startsWith("data ")) {
                merged.set(last, merged.get(last) + event.substring(5));
            } else if (!event.equals("data ")) {
                merged.add(event);
            }
        }
        // A refusal in the middle of DATA: how much of it was handed on before is a matter of cutting.
        int last = merged.size() - 1;
        if (last > 0 && merged.get(last).equals(REFUSED) && merged.get(last - 1).startsWith("data ")) {
            merged.remove(last - 1);
        }
        return merged;
    }

    private static void randomFrame(ByteBuffer out, Random random) {
        int type = random.nextInt(12) == 0 ? 20 : random.nextInt(10);
        int stream = random.nextInt(5) == 0 ? 0 : 2 * random.nextInt(3) + 1;
        boolean odd = random.nextInt(12) == 0;
        switch (type) {
            case Http2Frame.SETTINGS -> frame(out, type, odd ? 1 : 0, odd ? stream : 0, settings(random));
            case Http2Frame.PING -> frame(out, type, random.nextInt(2), odd ? stream : 0, bytes(random, odd ? 7 : 8));
            case Http2Frame.GOAWAY -> frame(out, type, 0, 0, bytes(random, odd ? 5 : 8 + random.nextInt(9)));
            case Http2Frame.RST_STREAM -> frame(out, type, 0, stream, bytes(random, odd ? 3 : 4));
            case Http2Frame.WINDOW_UPDATE -> {
                byte[] increment = bytes(random, odd ? 5 : 4);
                increment[3] |= 1;
                frame(out, type, 0, stream, increment);
            }
            case Http2Frame.PRIORITY -> {
                byte[] priority = bytes(random, 5);
                priority[1] |= 1;
                frame(out, type, 0, stream, priority);
            }
            case Http2Frame.PUSH_PROMISE -> {
                // Ours refuses what the other would read on behalf of clients.
            }
            case Http2Frame.HEADERS, Http2Frame.CONTINUATION ->
                frame(out, odd ? type : Http2Frame.HEADERS, 4 | random.nextInt(2), stream,
                        FrameWire.literal(FrameWire.request("GET", "/", "x" + random.nextInt(9), "y")));
            default -> {
                byte[] content = bytes(random, random.nextInt(60));
                boolean padded = random.nextInt(3) == 0 && content.length > 0;
                if (padded && !odd) {
                    content[0] = (byte) random.nextInt(content.length);
                }
                // The other takes empty DATA on stream 0.
                frame(out, type, (padded ? 8 : 0) | random.nextInt(2), content.length == 0 ? 1 : stream, content);
            }
        }
    }

    private static byte[] settings(Random random) {
        ByteBuffer settings = ByteBuffer.allocate(6 * random.nextInt(3));
        while (settings.hasRemaining()) {
            settings.putShort((short) (100 + random.nextInt(9))).putInt(random.nextInt());
        }
        return settings.array();
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void frame(ByteBuffer out, int type, int flags, int stream, byte[] payload) {
        out.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    }

    private static String hex(ByteBuffer bytes) {
        var text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append(String.format("%02x", bytes.get()));
        }
        return text.toString();
    }

    private static final class Recorder implements Http2FrameHandler {

        private final List<String> events;
        private final HpackReader hpack = new HpackReader(4096);
        private int settings;

        Recorder(List<String> events) {
            this.events = events;
        }

        @Override
        public void frame(int type, int flags, int length) {
            settings = 0;
        }

        @Override
        public void beginData(int stream, int length, boolean end) {}

        @Override
        public void data(ByteBuffer piece) {
            events.add("data " + hex(piece));
        }

        @Override
        public void endData(int stream, int padding, boolean end) {
            events.add("end of data " + stream + " " + padding + " " + end);
        }

        @Override
        public void headers(int stream, ByteBuffer block, boolean end) {
            int[] count = new int[1];
            hpack.read(block, (name, value) -> count[0] += name.startsWith(":") ? 0 : 1);
            events.add("headers " + stream + " " + count[0] + " " + end);
        }

        @Override
        public void reset(int stream, Http2Error error) {
            events.add("reset " + stream + " " + error);
        }

        @Override
        public void setting(int id, int value) {
            settings++;
        }

        @Override
        public void settingsEnd() {
            events.add("settings");
        }

        @Override
        public void settingsAck() {
            events.add("settings ack");
        }

        @Override
        public void ping(boolean ack, long content) {
            events.add("ping " + ack + " " + content);
        }

        @Override
        public void goAway(int lastStream, Http2Error error) {
            events.add("goaway " + lastStream + " " + error);
        }

        @Override
        public void windowUpdate(int stream, int increment) {
            events.add("window " + stream + " " + increment);
        }

        @Override
        public void fault(Http2Fault fault) {
            events.add("fault " + fault.stream());
        }
    }

    private static final class JettyRecorder implements Parser.Listener {

        private final List<String> events;

        JettyRecorder(List<String> events) {
            this.events = events;
        }

        @Override
        public void onData(DataFrame frame) {
            events.add("data " + hex(frame.getByteBuffer().slice()));

            events.add("end of data " + frame.getStreamId() + " " + frame.padding() + " " + frame.isEndStream());
        }

        @Override
        public void onHeaders(HeadersFrame frame) {
            events.add("headers " + frame.getStreamId() + " " + frame.getMetaData().getHttpFields().size() + " "
                    + frame.isEndStream());
        }

        @Override
        public void onReset(ResetFrame frame) {
            events.add("reset " + frame.getStreamId() + " " + Http2Error.of(frame.getError()));
        }

        @Override
        public void onSettings(SettingsFrame frame) {
            events.add(frame.isReply() ? "settings ack" : "settings");
        }

        @Override
        public void onPing(PingFrame frame) {
            events.add("ping " + frame.isReply() + " " + ByteBuffer.wrap(frame.getPayload()).getLong());
        }

        @Override
        public void onGoAway(GoAwayFrame frame) {
            events.add("goaway " + frame.getLastStreamId() + " " + Http2Error.of(frame.getError()));
        }

        @Override
        public void onWindowUpdate(WindowUpdateFrame frame) {
            events.add("window " + frame.getStreamId() + " " + frame.getWindowDelta());
        }

        @Override
        public void onStreamFailure(int stream, int error, String reason) {
            events.add("fault " + stream);
        }

        @Override
        public void onConnectionFailure(int error, String reason) {
            events.add(REFUSED);
        }
    }
}
