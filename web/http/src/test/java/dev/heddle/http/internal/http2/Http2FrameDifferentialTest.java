package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.FrameWire;
import dev.heddle.http.Frames;
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

    private static List<String> jettys(byte[] bytes) {
        List<String> events = new ArrayList<>();
        var parser = new Parser(new ByteBufferPool.NonPooling(), 65_536);
        parser.init(new JettyRecorder(events));
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining() && !events.contains(Frames.REFUSED)) {
            parser.parse(in);
        }
        return events;
    }

    @Test
    void sameBytesGiveTheSameFrames() {
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
            List<String> theirs = Frames.merged(jettys(bytes));
            List<String> ours = Frames.read(bytes, () -> 1 + random.nextInt(30));
            assertEquals(theirs, ours, "seed " + seed);
            counts[ours.contains(Frames.REFUSED) ? 0 : 1]++;
        }
        assertTrue(counts[0] > 500 && counts[1] > 500, counts[0] + " refused, " + counts[1] + " read");
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

    private static final class JettyRecorder implements Parser.Listener {

        private final List<String> events;

        JettyRecorder(List<String> events) {
            this.events = events;
        }

        @Override
        public void onData(DataFrame frame) {
            events.add("data " + Frames.hex(frame.getByteBuffer().slice()));

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
            events.add(Frames.REFUSED);
        }
    }
}
