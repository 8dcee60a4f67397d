package dev.heddle.json;

import dev.heddle.http.JsonException;
import dev.heddle.http.JsonFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/** The report on a document whose values break rules: all of these, and what else has ended its reading. */
final class RuleRefusal {

    /** Most faults that the words tell; the others are counted. */
    static final int MAX_IN_WORDS = 3;

    /** A fault, and what the words say of it. */
    private record Told(String words, JsonFault fault) {}

    private RuleRefusal() {}

    /**
     * The failure that is told.
     *
     * @param found at least one, or there is an end
     * @param end what has ended the reading, if something has
     */
    static JsonException of(Findings found, @Nullable JacksonException end, byte[] document, JavaType type,
            JsonParser parser, JsonMapper mapper) {
        // A document that is malformed is so first of all.
        if (found.isEmpty() || (end != null && !JsonRefusal.isOfAValue(end))) {
            return JsonRefusal.of(Objects.requireNonNull(end), parser, mapper);
        }
        Findings surer = found.areBuffered() ? KindsFirst.find(document, type, mapper) : null;
        Findings findings = surer == null ? found : surer;
        List<Told> all = new ArrayList<>(broken(findings, document, mapper));
        if (end != null && !follows(end, findings)) {
            JsonException last = JsonRefusal.of(end, parser, mapper);
            all.add(new Told(last.text().substring(JsonRefusal.NO_SUCH_VALUE.length()), last.faults().getFirst()));
        }
        all.sort(Comparator.comparingInt((Told told) -> told.fault().line() == 0 ? 1 : 0)
                .thenComparingInt(told -> told.fault().line())
                .thenComparingInt(told -> told.fault().column()));
        return new JsonException(words(all, findings.isFull()), all.stream().map(Told::fault).toList(),
                end == null ? null : JsonRefusal.cause(end));
    }

    private static List<Told> broken(Findings findings, byte[] document, JsonMapper mapper) {
        var positions = new Positions();
        findings.all().forEach(each -> positions.want(each.path()));
        try (JsonParser again = mapper.createParser(document)) {
            positions.find(again);
        }
        return findings.all().stream().map(each -> told(each, positions.of(each.path()))).toList();
    }

    private static Told told(Findings.Finding finding, @Nullable TokenStreamLocation at) {
        Rule rule = finding.rule();
        String path = FieldPath.of(finding.name()
                ? finding.path().subList(0, finding.path().size() - 1)
                : finding.path());
        String field = path.isEmpty() ? "it" : path;
        String up = finding.givenUp() ? " (given up after too many steps)" : "";
        String place = at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
        var fault = new JsonFault(FieldPath.pointer(finding.path()), rule.expected() + up, rule.keyword(),
                at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr());
        return new Told((finding.name() ? "a name in " : "") + field + " " + rule.words() + up + place, fault);
    }

    /** Whether a record was refused by its own constructor after its components had broken rules. */
    private static boolean follows(JacksonException end, Findings findings) {
        if (!(end instanceof ValueInstantiationException)) {
            return false;
        }
        List<Object> path = keys(end.getPath());
        return findings.all().stream().map(each -> keys(each.path()))
                .anyMatch(each -> each.size() > path.size() && each.subList(0, path.size()).equals(path));
    }

    private static List<Object> keys(List<Reference> path) {
        List<Object> keys = new ArrayList<>();
        for (Reference step : path) {
            keys.add(step.getPropertyName() == null ? step.getIndex() : step.getPropertyName());
        }
        return keys;
    }

    private static String words(List<Told> all, boolean full) {
        var words = new StringBuilder(JsonRefusal.NO_SUCH_VALUE);
        for (int i = 0; i < Math.min(MAX_IN_WORDS, all.size()); i++) {
            words.append(i == 0 ? "" : "; ").append(all.get(i).words());
        }
        int more = all.size() - MAX_IN_WORDS;
        return more <= 0 ? words.toString() : words + "; and " + (full ? "at least " : "") + more + " more";
    }
}
