package dev.heddle.observe.internal.profile;

import dev.heddle.internal.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The page of a profile as a flame graph: one file that needs no other, asks no network, and runs no script but its own
 * (Content Security Policy, by its hash). Names are data in it and never markup.
 */
public final class FlameGraph {

    private FlameGraph() {}

    /**
     * Writes the page.
     *
     * @param title what was looked at, such as a program and a time
     */
    public static void write(Profile profile, String title, Writer out) throws IOException {
        String style = resource("flame.css");
        String script = resource("flame.js");
        out.write(
                """
                        <!DOCTYPE html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; script-src '%s'; \
                        base-uri 'none'; form-action 'none'">
                        <title>%s</title>
                        <style>%s</style>
                        </head>
                        <body>
                        <header>
                        <h1>%s</h1>
                        <p>%,d samples</p>
                        <input id="search" type="search" placeholder="find" aria-label="Find frames by name">
                        <button id="all" type="button">All</button>
                        <p id="found" role="status"></p>
                        </header>
                        <main id="graph"></main>
                        <p id="about" role="status">A click on a frame shows it alone; Escape shows all. Arrow keys go from frame to frame.</p>
                        <script type="application/json" id="data">"""
                        .formatted(
                                hash(style), hash(script), markup(title), style, markup(title), profile.samples()));
        writeData(profile.root(), out);
        out.write("</script>\n<script>" + script + "</script>\n</body>\n</html>\n");
    }

    private static void writeData(StackNode root, Writer out) throws IOException {
        Map<String, Integer> names = new LinkedHashMap<>();
        names.put("all", 0);
        var nodes = new StringBuilder();
        append(nodes, 0, root, names);
        out.write("{\"names\":[");
        String comma = "";
        for (String name : names.keySet()) {
            out.write(comma + json(name));
            comma = ",";
        }
        out.write("],\"root\":" + nodes + "}");
    }

    private static void append(StringBuilder nodes, int name, StackNode node, Map<String, Integer> names) {
        nodes.append('[').append(name).append(',').append(node.samples()).append(",[");
        String comma = "";
        for (Map.Entry<String, StackNode> each : node.above().entrySet()) {
            nodes.append(comma);
            append(nodes, names.computeIfAbsent(each.getKey(), added -> names.size()), each.getValue(), names);
            comma = ",";
        }
        nodes.append("]]");
    }

    /** A text in JSON that may stand in a script of HTML, and has no control characters. */
    private static String json(String text) {
        var json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || "\"\\<>&".indexOf(c) >= 0) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private static String markup(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replaceAll("\\p{Cntrl}", " ");
    }

    private static String hash(String text) {
        return "sha256-" + Base64.getEncoder().encodeToString(Hash.sha256(text));
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(FlameGraph.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
