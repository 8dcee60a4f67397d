package dev.heddle.http;

import dev.heddle.http.internal.http2.HpackReader;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fault;
import dev.heddle.http.internal.http2.Http2FrameHandler;
import dev.heddle.http.internal.http2.Http2FrameReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** Frames of HTTP/2, read in pieces, as a list of what they were. */
public final class Frames {

    public static final String REFUSED = "refused";

    private Frames() {}

    /**
     * What the reader makes of the bytes.
     *
     * @param steps how many bytes come next
     */
    public static List<String> read(byte[] bytes, IntSupplier steps) {
        List<String> events = new ArrayList<>();
        var reader = new Http2FrameReader(new Recorder(events), 16_384, 65_536, 100);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int end = 0;
        try {
            while (end < bytes.length) {
                end = Math.min(bytes.length, end + steps.getAsInt());
                reader.read(all.limit(end));
            }
        } catch (Http2Fault refused) {
            events.add(REFUSED);
        }
        return merged(events);
    }

    /** DATA comes in pieces, differently cut; what follows a refusal does not count. */
    public static List<String> merged(List<String> events) {
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

    public static String hex(ByteBuffer bytes) {
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
        public void priorityUpdate(int stream, String value) {
            events.add("priority " + stream + " " + value);
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
}
