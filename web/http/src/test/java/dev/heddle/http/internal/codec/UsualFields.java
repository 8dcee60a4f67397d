package dev.heddle.http.internal.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.eclipse.jetty.http.HttpHeader;

/** Header fields in usual words, by chance: most names are known, some stand in another case than the usual one. */
final class UsualFields {

    private final SplittableRandom random;
    private final HttpHeader[] names = HttpHeader.values();
    private final List<String> lines = new ArrayList<>();

    UsualFields(SplittableRandom random) {
        this.random = random;
    }

    /** Begins anew with fewer fields than the bound, of any names. */
    void begin(int bound, String... values) {
        lines.clear();
        for (int count = random.nextInt(bound); count > 0; count--) {
            lines.add(field(anyName(), values));
        }
    }

    /** Puts a field anywhere among the others. */
    void insert(String name, String... values) {
        lines.add(random.nextInt(lines.size() + 1), field(name, values));
    }

    /** The lines and the empty one behind them. */
    String text() {
        return String.join("", lines) + "\r\n";
    }

    private String field(String name, String... values) {
        String cased = switch (random.nextInt(6)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
        return cased + (random.nextInt(8) == 0 ? ":" : ": ") + any(random, values) + "\r\n";
    }

    private String anyName() {
        return random.nextInt(6) == 0 ? "X-" + random.nextInt(20) : names[random.nextInt(names.length)].asString();
    }

    static String any(SplittableRandom random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
