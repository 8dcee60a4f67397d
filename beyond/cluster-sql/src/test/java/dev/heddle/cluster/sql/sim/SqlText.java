package dev.heddle.cluster.sql.sim;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A statement, read into a plan: as much of SQL as the stores say, and no more. */
final class SqlText {

    private static final Pattern WORD = Pattern
            .compile("\\s*('(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9]*|[0-9]+|<>|<=|>=|.)");

    /** What is known of a statement does not depend on the run. */
    private static final Map<String, Plan> KNOWN = new HashMap<>();

    /** A statement. */
    sealed interface Plan {

        record Create(String table, List<String> columns, List<String> key) implements Plan {}

        record Drop(String table) implements Plan {}

        /** Locks a name until the transaction ends. */
        record Lock(String name) implements Plan {}

        /** One row if there is a table, none if there is not. */
        record Show(String table) implements Plan {}

        /** Nothing that is seen in a result. */
        record Nothing() implements Plan {}

        /** @param set what a row that is there already gets; null if it stays as it is, or fails if {@code strict} */
        record Insert(String table, List<String> columns, List<Value> values, boolean strict,
                @Nullable Map<String, Value> set) implements Plan {}

        record Update(String table, Map<String, Value> set, List<Value> where, @Nullable Value notice)
                implements
                    Plan {}

        record Delete(String table, List<Value> where) implements Plan {}

        record Select(List<Value> columns, List<From> from, List<Value> where, List<Value> order, boolean forUpdate)
                implements
                    Plan {}
    }

    /** Where rows come from: a table, or rows that stand in the statement if there is none. */
    record From(String alias, @Nullable String table, List<List<Value>> rows, boolean left, List<Value> on) {}

    /** A value, or a condition. */
    sealed interface Value {

        record Constant(Object value) implements Value {}

        record Parameter(int place) implements Value {}

        record Column(String alias, String name) implements Value {}

        record Plus(Value left, Value right) implements Value {}

        /** @param operator one of {@code = <> < <= > >=} */
        record Compare(String operator, Value left, Value right) implements Value {}

        record Or(List<Value> any) implements Value {}

        record And(List<Value> all) implements Value {}

        /** {@code count(*)}, or {@code min} or {@code max} of something. */
        record Aggregate(String what, @Nullable Value of) implements Value {}
    }

    private final String sql;
    private final List<String> words = new ArrayList<>();
    private int next;
    private int parameters;

    private SqlText(String sql) {
        this.sql = sql;
        Matcher matcher = WORD.matcher(sql.strip());
        while (matcher.lookingAt()) {
            words.add(matcher.group(1));
            matcher.region(matcher.end(), matcher.regionEnd());
        }
    }

    /** The plan of a statement. */
    static Plan plan(String sql) throws SQLException {
        synchronized (KNOWN) {
            Plan plan = KNOWN.get(sql);
            if (plan == null) {
                plan = new SqlText(sql).statement();
                KNOWN.put(sql, plan);
            }
            return plan;
        }
    }

    // ---- statements ----

    private Plan statement() throws SQLException {
        String verb = word();
        Plan plan = switch (verb) {
            case "create" -> create();
            case "drop" -> {
                expect("table");
                yield new Plan.Drop(word());
            }
            case "lock" -> new Plan.Lock(word());
            case "show" -> new Plan.Show(word());
            case "insert" -> insert();
            case "update" -> update();
            case "delete" -> {
                expect("from");
                yield new Plan.Delete(word(), where());
            }
            case "select" -> select();
            default -> throw unknown(verb);
        };
        if (next < words.size()) {
            throw unknown(words.get(next));
        }
        return plan;
    }

    private Plan create() throws SQLException {
        if (!take("table")) {
            next = words.size();
            return new Plan.Nothing();
        }
        String table = word();
        List<String> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        expect("(");
        do {
            if (take("primary")) {
                expect("key");
                key.addAll(names());
                continue;
            }
            columns.add(word());
            while (!peek(",") && !peek(")")) {
                if (take("primary")) {
                    key.add(columns.getLast());
                }
                if (peek("(")) {
                    names();
                } else {
                    word();
                }
            }
        } while (take(","));
        expect(")");
        return new Plan.Create(table, columns, key.isEmpty() ? columns : key);
    }

    private Plan insert() throws SQLException {
        expect("into");
        String table = word();
        List<String> columns = names();
        expect("values");
        List<Value> values = row();
        if (!take("on")) {
            return new Plan.Insert(table, columns, values, true, null);
        }
        expect("conflict");
        names();
        expect("do");
        if (take("nothing")) {
            return new Plan.Insert(table, columns, values, false, null);
        }
        expect("update");
        return new Plan.Insert(table, columns, values, false, set());
    }

    private Plan update() throws SQLException {
        String table = word();
        Map<String, Value> set = set();
        List<Value> where = where();
        Value notice = null;
        if (take("returning")) {
            expect("pg_notify");
            expect("(");
            value();
            expect(",");
            notice = value();
            expect(")");
        }
        return new Plan.Update(table, set, where, notice);
    }

    private Map<String, Value> set() throws SQLException {
        expect("set");
        Map<String, Value> set = new HashMap<>();
        do {
            String name = word();
            expect("=");
            set.put(name, value());
        } while (take(","));
        return set;
    }

    private Plan select() throws SQLException {
        List<Value> columns = new ArrayList<>();
        do {
            columns.add(value());
        } while (take(","));
        List<From> from = new ArrayList<>();
        if (take("from")) {
            from.add(source(false));
            while (peek("left") || peek("join")) {
                boolean left = take("left");
                expect("join");
                from.add(source(left));
            }
        }
        List<Value> where = peek("where") ? where() : List.of();
        List<Value> order = new ArrayList<>();
        if (take("order")) {
            expect("by");
            do {
                order.add(value());
            } while (take(","));
        }
        boolean forUpdate = take("for");
        if (forUpdate) {
            expect("update");
        }
        return new Plan.Select(columns, from, where, order, forUpdate);
    }

    private From source(boolean left) throws SQLException {
        String table = null;
        List<List<Value>> rows = new ArrayList<>();
        if (take("(")) {
            expect("values");
            do {
                rows.add(row());
            } while (take(","));
            expect(")");
            expect("as");
        } else {
            table = word();
        }
        String alias = next < words.size() && !isKeyword(words.get(next)) ? word() : table;
        if (alias == null) {
            throw unknown("values without a name");
        }
        List<Value> on = take("on") ? conditions() : List.of();
        return new From(alias, table, rows, left, on);
    }

    private static boolean isKeyword(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "on", "where", "left", "join", "order", "for", "and", ")", "," -> true;
            default -> false;
        };
    }

    // ---- values ----

    private List<Value> where() throws SQLException {
        return take("where") ? conditions() : List.of();
    }

    private List<Value> conditions() throws SQLException {
        Value condition = any();
        return condition instanceof Value.And(List<Value> all) ? all : List.of(condition);
    }

    private Value any() throws SQLException {
        List<Value> any = new ArrayList<>();
        do {
            List<Value> all = new ArrayList<>();
            do {
                all.add(comparison());
            } while (take("and"));
            any.add(all.size() == 1 ? all.getFirst() : new Value.And(all));
        } while (take("or"));
        return any.size() == 1 ? any.getFirst() : new Value.Or(any);
    }

    private Value comparison() throws SQLException {
        if (take("(")) {
            Value inner = any();
            expect(")");
            return inner;
        }
        Value left = value();
        return new Value.Compare(word(), left, value());
    }

    private Value value() throws SQLException {
        Value value = simple();
        while (peek("+") || peek("-")) {
            boolean minus = word().equals("-");
            Value right = simple();
            value = new Value.Plus(value, minus ? new Value.Constant(-number(right)) : right);
        }
        return value;
    }

    private long number(Value value) throws SQLException {
        if (value instanceof Value.Constant(Long number)) {
            return number;
        }
        throw unknown("minus of " + value);
    }

    private Value simple() throws SQLException {
        String word = word();
        if (word.equals("?")) {
            return new Value.Parameter(parameters++);
        }
        if (word.equals("-")) {
            return new Value.Constant(-number(simple()));
        }
        if (word.startsWith("'")) {
            return new Value.Constant(word.substring(1, word.length() - 1).replace("''", "'"));
        }
        if (Character.isDigit(word.charAt(0))) {
            return new Value.Constant(Long.parseLong(word));
        }
        if (take("(")) {
            Value of = take("*") ? null : value();
            expect(")");
            return new Value.Aggregate(word, of);
        }
        return take(".") ? new Value.Column(word, word()) : new Value.Column("", word);
    }

    private List<Value> row() throws SQLException {
        List<Value> values = new ArrayList<>();
        expect("(");
        do {
            values.add(value());
        } while (take(","));
        expect(")");
        return values;
    }

    private List<String> names() throws SQLException {
        List<String> names = new ArrayList<>();
        expect("(");
        do {
            names.add(word());
        } while (take(","));
        expect(")");
        return names;
    }

    // ---- words ----

    private String word() throws SQLException {
        if (next == words.size()) {
            throw unknown("its end");
        }
        String word = words.get(next++);
        return word.startsWith("'") ? word : word.toLowerCase(Locale.ROOT);
    }

    private boolean peek(String word) {
        return next < words.size() && words.get(next).equalsIgnoreCase(word);
    }

    private boolean take(String word) {
        if (peek(word)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String word) throws SQLException {
        if (!take(word)) {
            throw unknown(next < words.size() ? words.get(next) : "its end");
        }
    }

    private SQLException unknown(String what) {
        return new SQLException("the simulated database does not know " + what + " at word " + next + " of " + sql,
                "42601");
    }
}
