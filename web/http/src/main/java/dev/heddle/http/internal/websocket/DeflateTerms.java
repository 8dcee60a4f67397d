package dev.heddle.http.internal.websocket;

import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The terms of compression that two peers agreed on (RFC 7692, section 7.1): whether each side's messages may refer to
 * the ones before.
 *
 * <p>The JDK's compressor always uses a window of 15 bits. A client that demands a smaller one gets it by a compressor
 * that forgets all as often as the window is full; this client itself offers no smaller one.
 *
 * @param serverKeepsContext whether the server's messages may
 * @param clientKeepsContext whether the client's messages may
 * @param serverWindowBits how far back the server's messages may refer, as a power of two; 8 to 15
 * @param windowAsked whether the client has asked for that: then the answer must say it, the full one too (section
 *     7.1.2.1)
 */
public record DeflateTerms(
        boolean serverKeepsContext, boolean clientKeepsContext, int serverWindowBits, boolean windowAsked) {

    public static final int FULL_WINDOW = 15;

    public static final String FIELD = "Sec-WebSocket-Extensions";

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";

    /** Stands for a parameter that came twice; no name of one. */
    private static final String TWICE = "=";

    /** A name with its parameters; a parameter without a value has an empty one. */
    private record Extension(String name, Map<String, String> parameters) {}

    /** What a client offers. */
    public static String offer(WebSocketOptions options) {
        return options.contextTakeover() ? NAME : NAME + "; " + SERVER_NO_CONTEXT + "; " + CLIENT_NO_CONTEXT;
    }

    /**
     * The first offer of a client that the server can fulfil; null if there is none.
     *
     * @throws IllegalArgumentException if the fields are malformed
     */
    public static @Nullable DeflateTerms accept(List<String> fields, WebSocketOptions options) {
        for (Extension offer : parse(fields)) {
            if (offer.name.equals(NAME) && areKnown(offer.parameters, true)) {
                int bits = Integer.parseInt(offer.parameters.getOrDefault(SERVER_WINDOW, "" + FULL_WINDOW));
                return new DeflateTerms(
                        options.contextTakeover() && bits == FULL_WINDOW
                                && !offer.parameters.containsKey(SERVER_NO_CONTEXT),
                        options.contextTakeover() && !offer.parameters.containsKey(CLIENT_NO_CONTEXT), bits,
                        offer.parameters.containsKey(SERVER_WINDOW));
            }
        }
        return null;
    }

    /** Whether a message of the opening handshake may have these parameters. */
    private static boolean areKnown(Map<String, String> parameters, boolean ofClient) {
        return parameters.entrySet().stream().allMatch(parameter -> switch (parameter.getKey()) {
            case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> parameter.getValue().isEmpty();
            case SERVER_WINDOW -> isWindow(parameter.getValue());
            // Without a field in the answer the client is free to use any window, which the decompressor understands.
            case CLIENT_WINDOW -> ofClient && (parameter.getValue().isEmpty() || isWindow(parameter.getValue()));
            default -> false;
        });
    }

    /** What the server answers. */
    public String answer() {
        return NAME + (serverKeepsContext ? "" : "; " + SERVER_NO_CONTEXT)
                + (clientKeepsContext ? "" : "; " + CLIENT_NO_CONTEXT)
                + (windowAsked ? "; " + SERVER_WINDOW + "=" + serverWindowBits : "");
    }

    /**
     * What a server made of {@link #offer}; null if it does not compress.
     *
     * @throws IllegalArgumentException if it agreed to what nobody offered, or the fields are malformed
     */
    public static @Nullable DeflateTerms agreed(List<String> fields, WebSocketOptions options) {
        List<Extension> answers = parse(fields);
        if (answers.isEmpty()) {
            return null;
        }
        Extension answer = answers.getFirst();
        if (answers.size() > 1 || !answer.name.equals(NAME) || !options.compression()) {
            throw new IllegalArgumentException("an extension that was not offered");
        }
        if (!areKnown(answer.parameters, false)) {
            throw new IllegalArgumentException("a parameter of " + NAME + " that was not offered");
        }
        return new DeflateTerms(
                !answer.parameters.containsKey(SERVER_NO_CONTEXT),
                options.contextTakeover() && !answer.parameters.containsKey(CLIENT_NO_CONTEXT), FULL_WINDOW, false);
    }

    private static boolean isWindow(String value) {
        return switch (value) {
            case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
            default -> false;
        };
    }

    /** RFC 6455, section 9.1. A value in quotes must be a token as well, so the marks can be cut off. */
    private static List<Extension> parse(List<String> fields) {
        List<Extension> extensions = new ArrayList<>();
        for (String field : fields) {
            for (String element : field.split(",", -1)) {
                if (!element.isBlank()) {
                    extensions.add(extension(element.split(";", -1)));
                }
            }
        }
        return extensions;
    }

    private static Extension extension(String[] parts) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            int at = part.indexOf('=');
            String name = token(at < 0 ? part : part.substring(0, at).strip());
            String value = at < 0 ? "" : token(FieldSyntax.unquoted(part.substring(at + 1).strip()));
            if (parameters.put(name.toLowerCase(Locale.ROOT), value) != null) {
                // RFC 7692, section 7.1: such an offer is declined, and what we do not know is none of our business.
                parameters.put(TWICE, name);
            }
        }
        return new Extension(token(parts[0].strip()).toLowerCase(Locale.ROOT), parameters);
    }

    private static String token(String text) {
        if (!FieldSyntax.isToken(text)) {
            throw new IllegalArgumentException("a malformed extension");
        }
        return text;
    }
}
