package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.http.internal.websocket.MessageInflater;
import dev.heddle.http.internal.websocket.WebSocketInbound;
import dev.heddle.http.internal.websocket.WebSocketViolation;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Frames of a WebSocket for fuzzing: read by the reader, and by a second one that shares nothing with it and knows no
 * compression.
 */
public final class Sockets {

    private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT.withMaxMessageBytes(2000);

    private Sockets() {}

    /** What comes of some bytes: messages and control frames in order, and how it ended. */
    public static List<String> read(byte[] bytes, int step, boolean fromClient, boolean compressed) {
        return Fed.read(bytes, step, stream -> read(stream, fromClient, compressed));
    }

    private static List<String> read(ByteStream stream, boolean fromClient, boolean compressed) {
        List<String> seen = new ArrayList<>();
        var in = new WebSocketInbound(
                stream, fromClient, OPTIONS, compressed ? new MessageInflater(true) : null, new Recorder(seen));
        try {
            for (WebSocketMessage message = in.receive(); message != null; message = in.receive()) {
                seen.add(switch (message) {
                    case WebSocketMessage.Text(String text) -> "text " + hex(text.getBytes(StandardCharsets.UTF_8));
                    case WebSocketMessage.Binary(byte[] data) -> "binary " + hex(data);
                });
            }
            seen.add("close " + in.closeCode() + " " + in.closeReason());
        } catch (WebSocketViolation e) {
            seen.add("refused " + e.code());
        } catch (BrokenException e) {
            seen.add("lost");
        } finally {
            in.free();
        }
        return seen;
    }

    private record Recorder(List<String> seen) implements WebSocketInbound.Events {

        @Override
        public void heard() {}

        @Override
        public void ping(byte[] payload) {
            seen.add("ping " + hex(payload));
        }

        @Override
        public void pong(byte[] payload) {
            seen.add("pong " + hex(payload));
        }
    }

    /** RFC 6455, section 5, with all bytes at hand. A refusal has no code here. */
    public static List<String> byTheBook(byte[] bytes, boolean fromClient) {
        List<String> seen = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int kind = 0;
        int fragments = 0;
        byte[] message = {};
        while (in.remaining() >= 2) {
            int first = in.get();
            int opcode = first & 15;
            boolean fin = first < 0;
            int second = in.get();
            long length = second & 127;
            boolean control = opcode >= 8;
            boolean known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
            if ((first & 0x70) != 0 || !known || (control && (!fin || length > 125)) || (second < 0) != fromClient) {
                return with(seen, "refused");
            }
            int more = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (in.remaining() < more + (fromClient ? 4 : 0)) {
                return with(seen, "lost");
            }
            if (more > 0) {
                length = more == 2 ? in.getShort() & 0xffff : in.getLong();
                if (length < (more == 2 ? 126 : 0x10000)) {
                    return with(seen, "refused");
                }
            }
            byte[] mask = new byte[4];
            if (fromClient) {
                in.get(mask);
            }
            if (!control) {
                boolean begins = opcode != 0;
                fragments = begins ? 1 : fragments + 1;
                if (begins == (kind != 0) || message.length + length > OPTIONS.maxMessageBytes() || fragments > 1024) {
                    return with(seen, "refused");
                }
                kind = begins ? opcode : kind;
            } else if (in.remaining() < length) {
                return with(seen, "lost");
            }
            byte[] payload = new byte[(int) Math.min(length, in.remaining())];
            in.get(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            if (control) {
                if (opcode != 8) {
                    seen.add((opcode == 9 ? "ping " : "pong ") + hex(payload));
                    continue;
                }
                return with(seen, closing(payload));
            }
            message = FramePeer.join(message, payload);
            boolean whole = fin && payload.length == length;
            if (kind == 1 && !isUtf8(message, whole)) {
                return with(seen, "refused");
            }
            if (payload.length < length) {
                return with(seen, "lost");
            }
            if (whole) {
                seen.add((kind == 1 ? "text " : "binary ") + hex(message));
                kind = 0;
                message = new byte[0];
            }
        }
        return with(seen, "lost");
    }

    private static String closing(byte[] payload) {
        if (payload.length == 0) {
            return "close 1005 ";
        }
        int code = payload.length == 1 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        boolean allowed = code >= 1000 && code < 5000 && (code <= 1014 || code >= 3000) && code != 1004 && code != 1005
                && code != 1006;
        byte[] reason = payload.length < 2 ? payload : Arrays.copyOfRange(payload, 2, payload.length);
        return allowed && isUtf8(reason, true)
                ? "close " + code + " " + new String(reason, StandardCharsets.UTF_8)
                : "refused";
    }

    /** The JDK's decoder; of a text that is not whole the last character may be cut off. */
    private static boolean isUtf8(byte[] bytes, boolean whole) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        if (whole) {
            try {
                decoder.decode(ByteBuffer.wrap(bytes));
                return true;
            } catch (CharacterCodingException e) {
                return false;
            }
        }
        return !decoder.decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length + 1), false).isError();
    }

    private static List<String> with(List<String> seen, String last) {
        seen.add(last);
        return seen;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
