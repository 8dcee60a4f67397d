package dev.heddle.http.internal.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Frames;
import dev.heddle.http.FuzzBytes;
import dev.heddle.http.Sockets;
import dev.heddle.http.WebSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What must hold for any bytes that are to be frames of a WebSocket, or its extensions. */
public final class WebSocketFuzz {

    private WebSocketFuzz() {}

    /**
     * Frames of a WebSocket are read the same however they are cut, and as one reads them who knows nothing but the
     * RFC.
     */
    public static void webSocket(byte[] bytes) {
        boolean fromClient = bytes.length > 0 && (bytes[0] & 1) == 0;
        boolean compressed = bytes.length > 0 && (bytes[0] & 2) != 0;
        byte[] frames = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
        List<String> whole = Sockets.read(frames, Math.max(1, frames.length), fromClient, compressed);
        for (int cut : FuzzBytes.fewCuts(frames)) {
            assertEquals(whole, Sockets.read(frames, cut, fromClient, compressed));
        }
        if (!compressed) {
            List<String> plain = new ArrayList<>(whole);
            plain.replaceAll(seen -> seen.startsWith("refused") ? "refused" : seen);
            assertEquals(Sockets.byTheBook(frames, fromClient), plain);
        }
    }

    /** The extensions of a WebSocket: what the server agrees to, a client that offered it takes. */
    public static void extensions(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        WebSocketOptions options = WebSocketOptions.DEFAULT.withMinCompressBytes(0).withContextTakeover(true);
        DeflateTerms terms;
        try {
            terms = DeflateTerms.accept(List.of(value), options);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (terms != null) {
            DeflateTerms agreed = Objects.requireNonNull(DeflateTerms.agreed(List.of(terms.answer()), options));
            assertEquals(terms.serverKeepsContext(), agreed.serverKeepsContext());
            assertEquals(terms.clientKeepsContext(), agreed.clientKeepsContext());
            assertTrue(!terms.serverKeepsContext() || terms.serverWindowBits() == DeflateTerms.FULL_WINDOW);
        }
    }
}
