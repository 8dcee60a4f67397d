package dev.heddle.json;

import dev.heddle.http.JsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The check that documents are UTF-8 (RFC 8259, section 8.1): the parser would guess others, and takes some that are
 * malformed.
 */
final class Utf8 {

    private Utf8() {}

    static void require(byte[] document) {
        int signs = 0;
        for (byte b : document) {
            signs |= b;
        }
        // A zero among the first bytes makes the parser take it for UTF-16 or UTF-32, and is in no document anyway.
        for (int i = 0; i < Math.min(4, document.length); i++) {
            if (document[i] == 0) {
                throw new JsonException("the JSON is not UTF-8", null);
            }
        }
        if (signs < 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
            } catch (CharacterCodingException e) {
                throw new JsonException("the JSON is not UTF-8", e);
            }
        }
    }
}
