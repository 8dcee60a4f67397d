package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.internal.http2.HpackReader;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.hpack.HpackEncoder;

/** Plays a client of HTTP/2 frame by frame, with a codec that is not the one under test where that matters. */
public final class FrameWire {

    /** What a test does at the peer's end. */
    public interface Peer {
        void play(FrameWire wire) throws Exception;
    }

    /** One frame that came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        public boolean is(int wanted, int of) {
            return type == wanted && stream == of;
        }

        public boolean ends() {
            return (flags & 1) != 0;
        }

        public int word(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        /** The error of a RST_STREAM or GOAWAY. */
        public Http2Error error() {
            return Http2Error.of(word(type == Http2Frame.GOAWAY ? 4 : 0));
        }

        public String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    /** A whole response. */
    public record Answer(Map<String, String> fields, String body) {

        public int status() {
            return Integer.parseInt(fields.getOrDefault(":status", "-1"));
        }
    }

    public final ByteStream stream;
    public final Task<Void> connection;
    private final HpackEncoder encoder = new HpackEncoder();
    private final HpackReader decoder = new HpackReader(4096);
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private final Map<Integer, Map<String, String>> heads = new HashMap<>();
    private final Map<Integer, String> bodies = new HashMap<>();
    private final Set<Integer> done = new HashSet<>();
    private boolean gathering;

    private FrameWire(ByteStream stream, Task<Void> connection) {
        this.stream = stream;
        this.connection = connection;
    }

    /** Lets a test play the peer of a server, in virtual time, before the preface. */
    public static void raw(HttpServer.Builder builder, Peer peer) {
        Sim.run(() -> {
            HttpServer server = builder.build();
            playAt(server, peer);
        });
    }

    /** The same with the server at hand. */
    public static void playAt(HttpServer server, Peer peer) throws Exception {
        try (MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20)) {
            Task<Void> connection = Heddle.spawn(() -> server.serve(pair.right()));
            peer.play(new FrameWire(pair.left(), connection));
        }
    }

    /** Lets a test play the peer, after the preface and the settings of both sides. */
    public static void play(HttpServer.Builder builder, Peer peer) {
        raw(builder, wire -> {
            wire.begin();
            peer.play(wire);
        });
    }

    /** Plays a client over a stream to any server, before the preface. */
    public static FrameWire client(ByteStream stream) {
        return new FrameWire(stream, Heddle.currentLoop().spawn(() -> {}));
    }

    /** Plays the server of a client: takes its preface and settings, and sends settings. */
    public static FrameWire server(ByteStream stream, int... settings) {
        var wire = new FrameWire(stream, Heddle.currentLoop().spawn(() -> {}));
        byte[] preface = stream.readExactly(Http2Frame.PREFACE.length());
        if (!Wire.text(preface).equals(Http2Frame.PREFACE)) {
            throw new AssertionError("no preface");
        }
        Frame first = wire.read();
        if (first.type() != Http2Frame.SETTINGS) {
            throw new AssertionError("no SETTINGS");
        }
        wire.settings(settings);
        return wire.frame(Http2Frame.SETTINGS, 1, 0);
    }

    /** A head of a response, or trailers. */
    public FrameWire head(int id, boolean end, String... fields) {
        return frame(Http2Frame.HEADERS, end ? 5 : 4, id, block(fields));
    }

    /** A whole response of a few letters. */
    public FrameWire respond(int id, String text) {
        return head(id, false, ":status", "200").data(id, text, true);
    }

    public FrameWire goAway(int last, Http2Error error) {
        return frame(Http2Frame.GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(error.code()).array());
    }

    /** Sends preface and empty settings, and takes the settings of the server. */
    public FrameWire begin(int... settings) {
        stream.write(Http2Frame.PREFACE);
        settings(settings);
        boolean theirs = false;
        boolean acknowledged = false;
        while (!theirs || !acknowledged) {
            Frame frame = read();
            if (frame.type() == Http2Frame.SETTINGS) {
                theirs |= !frame.ends();
                acknowledged |= frame.ends();
            }
        }
        frame(Http2Frame.SETTINGS, 1, 0);
        return this;
    }

    public FrameWire settings(int... settings) {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return frame(Http2Frame.SETTINGS, 0, 0, payload.array());
    }

    /** What follows goes out in one write with {@link #send}. */
    public FrameWire gather() {
        gathering = true;
        return this;
    }

    public FrameWire send() {
        gathering = false;
        byte[] all = gathered.toByteArray();
        gathered.reset();
        stream.write(all);
        return this;
    }

    public FrameWire frame(int type, int flags, int id, byte... payload) {
        ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
        out.putInt(payload.length << 8 | type).put((byte) flags).putInt(id).put(payload);
        if (gathering) {
            gathered.writeBytes(out.array());
        } else {
            stream.write(out.array());
        }
        return this;
    }

    /** A header block of names and values in turn, written by Jetty's encoder. */
    public byte[] block(String... fields) {
        ByteBuffer out = ByteBuffer.allocate(256 * 1024);
        for (int i = 0; i < fields.length; i += 2) {
            encoder.encode(out, new HttpField(fields[i], fields[i + 1]));
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** A header block in the plainest form there is, without a check of anything. */
    public static byte[] literal(String... texts) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < texts.length; i++) {
            if (i % 2 == 0) {
                out.write(0);
            }
            byte[] text = texts[i].getBytes(StandardCharsets.ISO_8859_1);
            if (text.length < 127) {
                out.write(text.length);
            } else {
                out.write(127);
                int rest = text.length - 127;
                for (; rest >= 128; rest >>>= 7) {
                    out.write(rest & 127 | 128);
                }
                out.write(rest);
            }
            out.writeBytes(text);
        }
        return out.toByteArray();
    }

    public static String[] request(String method, String path, String... more) {
        List<String> all = new ArrayList<>(List.of(
                ":method", method, ":scheme", "http", ":authority", "localhost", ":path", path));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** A request without a body. */
    public FrameWire get(int id, String path, String... more) {
        return frame(Http2Frame.HEADERS, 5, id, block(request("GET", path, more)));
    }

    /** The head of a request with a body. */
    public FrameWire post(int id, String path, String... more) {
        return frame(Http2Frame.HEADERS, 4, id, block(request("POST", path, more)));
    }

    public FrameWire data(int id, String text, boolean end) {
        return frame(Http2Frame.DATA, end ? 1 : 0, id, Wire.latin1(text));
    }

    public FrameWire window(int id, int increment) {
        return frame(Http2Frame.WINDOW_UPDATE, 0, id, word(increment));
    }

    public FrameWire reset(int id, Http2Error error) {
        return frame(Http2Frame.RST_STREAM, 0, id, word(error.code()));
    }

    public static byte[] word(int word) {
        return ByteBuffer.allocate(4).putInt(word).array();
    }

    /** The next frame. */
    public Frame read() {
        ByteBuffer head = ByteBuffer.wrap(stream.readExactly(9));
        int lengthAndType = head.getInt();
        return new Frame(lengthAndType & 255, head.get(), head.getInt(), stream.readExactly(lengthAndType >>> 8));
    }

    /** The next frame of a type, without those before it, whose windows and acknowledgements are of no interest. */
    public Frame read(int type) {
        Frame frame = read();
        while (frame.type() != type) {
            if (frame.type() == Http2Frame.GOAWAY || frame.type() == Http2Frame.RST_STREAM) {
                throw new AssertionError("wanted " + type + ", got " + frame.type() + " of " + frame.stream() + ": "
                        + frame.error());
            }
            frame = read();
        }
        return frame;
    }

    public Map<String, String> fields(Frame frame) {
        Map<String, String> fields = new LinkedHashMap<>();
        decoder.read(ByteBuffer.wrap(frame.payload()),
                (name, value) -> fields.merge(name, value, (a, b) -> a + "|" + b));
        return fields;
    }

    /** The response on a stream, giving back the windows as bodies come. */
    public Answer answer(int id) {
        while (!done.contains(id)) {
            Frame frame = read();
            if (frame.is(Http2Frame.RST_STREAM, id) || frame.type() == Http2Frame.GOAWAY) {
                throw new AssertionError("stream " + frame.stream() + ": " + frame.error());
            }
            take(frame);
            if (frame.type() == Http2Frame.DATA && frame.payload().length > 0) {
                window(frame.stream(), frame.payload().length);
                window(0, frame.payload().length);
            }
        }
        return new Answer(heads.getOrDefault(id, Map.of()), bodies.getOrDefault(id, ""));
    }

    public void take(Frame frame) {
        int id = frame.stream();
        if (frame.type() == Http2Frame.HEADERS) {
            heads.put(id, fields(frame));
        } else if (frame.type() == Http2Frame.DATA) {
            bodies.merge(id, frame.text(), String::concat);
        } else {
            return;
        }
        if (frame.ends()) {
            done.add(id);
        }
    }

    /** Reads up to a RST_STREAM of the stream. */
    public Http2Error untilReset(int id) {
        while (true) {
            Frame frame = read();
            if (frame.is(Http2Frame.RST_STREAM, id)) {
                return frame.error();
            }
            take(frame);
            if (frame.type() == Http2Frame.GOAWAY) {
                throw new AssertionError("GOAWAY " + frame.error());
            }
        }
    }

    /** Reads up to a GOAWAY and the end of the stream behind it. */
    public Http2Error untilGone() {
        Frame frame = read();
        while (frame.type() != Http2Frame.GOAWAY) {
            frame = read();
        }
        stream.readAll(1 << 24);
        return frame.error();
    }
}
