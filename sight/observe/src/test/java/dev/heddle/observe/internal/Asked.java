package dev.heddle.observe.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers of views, as lines. */
final class Asked {

    private Asked() {}

    static List<String> of(View view, String request) {
        var bytes = new ByteArrayOutputStream();
        try {
            view.write(ViewRequest.parse(request), new JsonLines(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
