package dev.heddle.http.client;

import java.net.IDN;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rules of public suffixes, as publicsuffix.org writes them. The longest one decides, an exception before all;
 * without one it is the last label.
 */
final class SuffixRules implements PublicSuffixes {

    private final Set<String> names = new HashSet<>();

    /** The parents whose children are all public suffixes. */
    private final Set<String> wildcards = new HashSet<>();

    private final Set<String> exceptions = new HashSet<>();

    SuffixRules(List<String> lines) {
        for (String line : lines) {
            String rule = line.strip();
            int blank = rule.indexOf(' ');
            rule = blank < 0 ? rule : rule.substring(0, blank);
            if (rule.isEmpty() || rule.startsWith("//")) {
                continue;
            }
            if (rule.startsWith("!")) {
                exceptions.add(ascii(rule.substring(1)));
            } else if (rule.startsWith("*.")) {
                wildcards.add(ascii(rule.substring(2)));
            } else {
                names.add(ascii(rule));
            }
        }
    }

    @Override
    public boolean isPublicSuffix(String domain) {
        int dot = domain.indexOf('.');
        if (dot < 0 || exceptions.contains(domain)) {
            return dot < 0;
        }
        return names.contains(domain) || wildcards.contains(domain.substring(dot + 1));
    }

    private static String ascii(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) {
            return name.toLowerCase(Locale.ROOT);
        }
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // No host has such a name, so the rule cannot match either.
            return name;
        }
    }
}
