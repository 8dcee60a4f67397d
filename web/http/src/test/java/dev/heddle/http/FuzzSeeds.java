package dev.heddle.http;

import dev.heddle.http.internal.codec.UsualReplies;
import dev.heddle.http.internal.codec.UsualRequests;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.internal.websocket.CloseCodes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.hpack.HpackEncoder;

/** Where {@link FuzzTarget} begins, for messages that are no text. */
final class FuzzSeeds {

    private FuzzSeeds() {}

    static List<byte[]> connections() {
        List<byte[]> seeds = new ArrayList<>();
        CorpusFile.all("bad-requests").forEach(file -> seeds.add(file.bytes()));
        for (byte[] frames : http2()) {
            seeds.add(FramePeer.join(Wire.latin1(Http2Frame.PREFACE), frames));
        }
        return seeds;
    }

    static List<byte[]> requests() {
        return withCorpus(UsualRequests.USUAL, "bad-requests");
    }

    static List<byte[]> replies() {
        return withCorpus(UsualReplies.USUAL, "bad-replies");
    }

    private static List<byte[]> withCorpus(List<String> usual, String folder) {
        List<byte[]> seeds = new ArrayList<>();
        usual.forEach(message -> seeds.add(Wire.latin1(message)));
        CorpusFile.all(folder).forEach(file -> seeds.add(file.bytes()));
        return seeds;
    }

    static List<byte[]> http2() {
        byte[] settings = frame(Http2Frame.SETTINGS, 0, 0, HexFormat.of().parseHex("000300000064"));
        byte[] get = frame(Http2Frame.HEADERS, 5, 1, block(FrameWire.request("GET", "/")));
        byte[] post = frame(Http2Frame.HEADERS, 4, 3, block(FrameWire.request("POST", "/", "content-length", "3")));
        byte[] data = frame(Http2Frame.DATA, 9, 3, 2, 'a', 'b', 'c', 0, 0);
        return List.of(
                FramePeer.join(settings, get, frame(Http2Frame.SETTINGS, 1, 0)),
                FramePeer.join(settings, post, frame(Http2Frame.PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8), data),
                FramePeer.join(settings, frame(Http2Frame.HEADERS, 0x29, 1, 1, 0, 0, 0, 3, 9, 0x82, 0),
                        frame(Http2Frame.CONTINUATION, 4, 1, 0x86, 0x84)),
                FramePeer.join(settings, get, frame(Http2Frame.WINDOW_UPDATE, 0, 1, 0, 0, 1, 0),
                        frame(Http2Frame.RST_STREAM, 0, 1, 0, 0, 0, 8), frame(Http2Frame.PRIORITY, 0, 5, 0, 0, 0, 1, 9),
                        frame(Http2Frame.GOAWAY, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)));
    }

    private static byte[] frame(int type, int flags, int stream, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        return frame(type, flags, stream, bytes);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(Http2Frame.HEAD_BYTES + payload.length)
                .putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload).array();
    }

    /** A block by Jetty's encoder, with its tables and its Huffman code. */
    private static byte[] block(String... fields) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        var encoder = new HpackEncoder();
        for (int i = 0; i < fields.length; i += 2) {
            encoder.encode(out, new HttpField(fields[i], fields[i + 1]));
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    static List<byte[]> blocks() {
        byte[] first = block(FrameWire.request("GET", "/", "x-a", "b", "cookie", "c=d"));
        byte[] second = FrameWire.literal("x-b", "c", "x-c", "d");
        return List.of(
                FramePeer.join(new byte[]{(byte) first.length}, first, second),
                FramePeer.join(new byte[]{(byte) second.length}, second, first),
                HexFormat.of().parseHex("033fe11f40016101623f0000820b61"));
    }

    static List<byte[]> sockets() {
        byte[] client = {0};
        byte[] deflated = HexFormat.of().parseHex("f248cdc9c90700");
        return List.of(
                FramePeer.join(client, FramePeer.frame(0x81, Wire.latin1("hello")), FramePeer.frame(0x88, new byte[0])),
                FramePeer.join(client, FramePeer.frame(0x01, Wire.latin1("\u00c3")), FramePeer.frame(0x89, new byte[9]),
                        FramePeer.frame(0x80, Wire.latin1("\u00a4")),
                        FramePeer.frame(0x88, CloseCodes.payload(4000, "bye"))),
                FramePeer.join(client, FramePeer.frame(0x82, new byte[300]), FramePeer.frame(0x8a, new byte[0])),
                FramePeer.join(new byte[]{2}, FramePeer.frame(0xc1, deflated), FramePeer.frame(0xc1, deflated)),
                HexFormat.of().parseHex("01810568656c6c6f0200820103" + "8802" + "03e8"),
                HexFormat.of().parseHex("03c107f248cdc9c90700" + "827f0000000000010000"));
    }

    static List<byte[]> proxyHeaders() {
        var signature = new byte[]{'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
        return List.of(
                Wire.latin1("PROXY TCP4 192.0.2.1 192.0.2.2 1 65535\r\nGET / HTTP/1.1\r\n"),
                Wire.latin1("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"),
                Wire.latin1("PROXY UNKNOWN anything\r\n"),
                FramePeer.join(signature, HexFormat.of().parseHex("2111000cc0000201c000020200501f90"), new byte[5]),
                FramePeer.join(signature, HexFormat.of().parseHex("21210024"), new byte[36]),
                FramePeer.join(signature, HexFormat.of().parseHex("200000030000ff")));
    }

    static List<byte[]> tunnels() {
        List<byte[]> seeds = new ArrayList<>(List.of(
                Wire.latin1("HTTP/1.1 200 Connection established\r\n\r\n"),
                Wire.latin1("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n"),
                Wire.latin1("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=a\r\n\r\n")));
        for (String hex : List.of("0500" + "05000001" + "7f0000010050", "05020100" + "05000003" + "0161" + "0050",
                "0500" + "05050004" + "00".repeat(18), "05ff")) {
            seeds.add(HexFormat.of().parseHex(hex));
        }
        var large = new ByteArrayOutputStream();
        large.writeBytes(Wire.latin1("HTTP/1.1 200 OK\r\nX: "));
        large.writeBytes(new byte[100]);
        seeds.add(large.toByteArray());
        return seeds;
    }
}
