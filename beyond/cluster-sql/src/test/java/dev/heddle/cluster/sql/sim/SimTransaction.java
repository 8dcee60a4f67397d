package dev.heddle.cluster.sql.sim;

import dev.heddle.cluster.sql.sim.SimRows.Change;
import dev.heddle.cluster.sql.sim.SimRows.Table;
import dev.heddle.cluster.sql.sim.SqlText.From;
import dev.heddle.cluster.sql.sim.SqlText.Plan;
import dev.heddle.cluster.sql.sim.SqlText.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A transaction at the level of read committed: each statement sees what was committed before it and what the
 * transaction itself has done, and waits for whoever has changed a row that it changes.
 */
final class SimTransaction {

    /** What stands for a row that was deleted. */
    private static final Object[] GONE = {};

    /** The rows that transactions have changed or locked, of all transactions. */
    static final class Locks {

        private final Map<String, TreeMap<Object[], SimTransaction>> holders = new HashMap<>();
    }

    /** A statement has to wait until another transaction has ended; it has changed nothing. */
    static final class MustWait extends Exception {

        private static final long serialVersionUID = 1L;

        final transient SimTransaction holder;

        MustWait(SimTransaction holder) {
            super(null, null, false, false);
            this.holder = holder;
        }
    }

    /** What a statement gives. */
    record Result(List<Object[]> rows, int changed) {}

    private final SimRows committed;
    private final Locks locks;
    private final Map<String, TreeMap<Object[], Object[]>> own = new HashMap<>();
    private final Map<String, @Nullable Table> tables = new LinkedHashMap<>();
    private final List<String> notices = new ArrayList<>();
    private Object[] parameters = {};

    SimTransaction(SimRows committed, Locks locks) {
        this.committed = committed;
        this.locks = locks;
    }

    /** All that it has changed. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        tables.forEach((name, table) -> changes.add(new Change(name, null, null, table)));
        own.forEach((table, rows) -> rows
                .forEach((key, row) -> changes.add(new Change(table, key, row.length == 0 ? null : row, null))));
        return changes;
    }

    List<String> notices() {
        return notices;
    }

    /** Lets go of what it has locked. */
    void end() {
        locks.holders.values().forEach(holders -> holders.values().removeIf(holder -> holder == this));
    }

    /** Does a statement. */
    Result execute(Plan plan, Object[] values) throws SQLException, MustWait {
        parameters = values;
        return switch (plan) {
            case Plan.Create create -> create(create);
            case Plan.Drop(String table) -> {
                table(table);
                tables.put(table, null);
                own.remove(table);
                yield new Result(List.of(), 0);
            }
            case Plan.Lock(String name) -> {
                lock("names", new Object[]{name});
                yield new Result(List.of(), 0);
            }
            case Plan.Show(String table) ->
                new Result(find(table) == null ? List.of() : List.<Object[]>of(new Object[]{table}), 0);
            case Plan.Nothing _ -> new Result(List.of(), 0);
            case Plan.Insert insert -> insert(insert);
            case Plan.Update update -> update(update);
            case Plan.Delete delete -> delete(delete);
            case Plan.Select select -> select(select);
        };
    }

    private Result create(Plan.Create create) throws SQLException, MustWait {
        if (find(create.table()) != null) {
            throw new SQLException("relation \"" + create.table() + "\" already exists", "42P07");
        }
        // The name is a row that nobody else may make.
        lock("tables", new Object[]{create.table()});
        int[] key = create.key().stream().mapToInt(create.columns()::indexOf).toArray();
        tables.put(create.table(), new Table(create.columns(), key));
        return new Result(List.of(), 0);
    }

    @Nullable Table find(String name) {
        return tables.containsKey(name) ? tables.get(name) : committed.table(name);
    }

    private Table table(String name) throws SQLException {
        Table table = find(name);
        if (table == null) {
            throw new SQLException("relation \"" + name + "\" does not exist", "42P01");
        }
        return table;
    }

    private TreeMap<Object[], Object[]> own(String table) {
        return own.computeIfAbsent(table, _ -> new TreeMap<>(SimRows.ORDER));
    }

    private void lock(String table, Object[] key) throws MustWait {
        var holders = locks.holders.computeIfAbsent(table, _ -> new TreeMap<>(SimRows.ORDER));
        SimTransaction holder = holders.putIfAbsent(key, this);
        if (holder != null && holder != this) {
            throw new MustWait(holder);
        }
    }

    // ---- changes ----

    private Result insert(Plan.Insert insert) throws SQLException, MustWait {
        Table table = table(insert.table());
        var row = new Object[table.columns.size()];
        for (int i = 0; i < insert.columns().size(); i++) {
            row[place(table, insert.columns().get(i))] = value(insert.values().get(i), List.of(), new Object[0][]);
        }
        Object[] key = table.keyOf(row);
        lock(insert.table(), key);
        List<Object[]> there = SimRows.range(table, own(insert.table()), key);
        if (there.isEmpty()) {
            own(insert.table()).put(key, row);
            return new Result(List.of(), 1);
        }
        if (insert.strict()) {
            throw new SQLException("duplicate key value " + Arrays.toString(key), "23505");
        }
        if (insert.set() == null) {
            return new Result(List.of(), 0);
        }
        List<Scope> scopes = List.of(new Scope("", table), new Scope("excluded", table));
        Object[] changed = there.getFirst().clone();
        for (var each : insert.set().entrySet()) {
            changed[place(table, each.getKey())] = value(each.getValue(), scopes, there.getFirst(), row);
        }
        own(insert.table()).put(key, changed);
        return new Result(List.of(), 1);
    }

    private Result update(Plan.Update update) throws SQLException, MustWait {
        Table table = table(update.table());
        List<Scope> scopes = List.of(new Scope("", table));
        List<Object[]> found = locked(update.table(), table, update.where());
        List<Object[]> returned = new ArrayList<>();
        for (Object[] row : found) {
            Object[] changed = row.clone();
            for (var each : update.set().entrySet()) {
                changed[place(table, each.getKey())] = value(each.getValue(), scopes, row);
            }
            own(update.table()).put(table.keyOf(row), changed);
            if (update.notice() != null) {
                notices.add((String) Objects.requireNonNull(value(update.notice(), scopes, changed)));
                returned.add(new Object[]{""});
            }
        }
        return new Result(returned, found.size());
    }

    private Result delete(Plan.Delete delete) throws SQLException, MustWait {
        Table table = table(delete.table());
        List<Object[]> found = locked(delete.table(), table, delete.where());
        found.forEach(row -> own(delete.table()).put(table.keyOf(row), GONE));
        return new Result(List.of(), found.size());
    }

    /** The rows that a condition finds, none of which another transaction may change from now on. */
    private List<Object[]> locked(String name, Table table, List<Value> where) throws SQLException, MustWait {
        List<Scope> scopes = List.of(new Scope("", table));
        List<Object[]> found = new ArrayList<>();
        for (Object[] row : candidates(name, table, "", scopes, 0, where, new Object[1][])) {
            if (holds(where, scopes, row)) {
                found.add(row);
            }
        }
        for (Object[] row : found) {
            lock(name, table.keyOf(row));
        }
        return found;
    }

    // ---- queries ----

    /** What a name may mean. */
    private record Scope(String alias, @Nullable Table table) {}

    private Result select(Plan.Select select) throws SQLException, MustWait {
        List<Scope> scopes = new ArrayList<>();
        for (From from : select.from()) {
            scopes.add(new Scope(from.alias(), from.table() == null ? null : table(from.table())));
        }
        List<Object[][]> found = new ArrayList<>();
        join(select, scopes, 0, new Object[scopes.size()][], found);
        if (select.forUpdate()) {
            for (Object[][] rows : found) {
                Scope first = scopes.getFirst();
                lock(Objects.requireNonNull(select.from().getFirst().table()),
                        Objects.requireNonNull(first.table).keyOf(rows[0]));
            }
        }
        sort(found, select.order(), scopes);
        List<Object[]> results = new ArrayList<>();
        if (select.columns().getFirst() instanceof Value.Aggregate) {
            Object[] row = new Object[select.columns().size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = aggregate((Value.Aggregate) select.columns().get(i), found, scopes);
            }
            results.add(row);
        } else {
            for (Object[][] rows : found) {
                Object[] result = new Object[select.columns().size()];
                for (int i = 0; i < result.length; i++) {
                    result[i] = value(select.columns().get(i), scopes, rows);
                }
                results.add(result);
            }
        }
        return new Result(results, 0);
    }

    private void join(Plan.Select select, List<Scope> scopes, int place, Object[][] rows, List<Object[][]> found)
            throws SQLException {
        if (place == scopes.size()) {
            if (holds(select.where(), scopes, rows)) {
                found.add(rows.clone());
            }
            return;
        }
        From from = select.from().get(place);
        Table table = scopes.get(place).table;
        List<Value> conditions = place == 0 ? select.where() : from.on();
        List<Object[]> candidates = table == null
                ? constants(from)
                : candidates(Objects.requireNonNull(from.table()), table, from.alias(), scopes, place, conditions,
                        rows);
        boolean any = false;
        for (Object[] each : candidates) {
            rows[place] = each;
            if (holds(from.on(), scopes, rows)) {
                any = true;
                join(select, scopes, place + 1, rows, found);
            }
        }
        if (!any && from.left() && table != null) {
            rows[place] = new Object[table.columns.size()];
            join(select, scopes, place + 1, rows, found);
        }
        rows[place] = null;
    }

    private List<Object[]> constants(From from) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        for (List<Value> each : from.rows()) {
            Object[] row = new Object[each.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = value(each.get(i), List.of(), new Object[0][]);
            }
            rows.add(row);
        }
        return rows;
    }

    /** The rows that can fit, by as much of the key as the conditions tell. */
    private List<Object[]> candidates(String name, Table table, String alias, List<Scope> scopes, int place,
            List<Value> conditions, Object[][] rows) throws SQLException {
        Object[] prefix = new Object[table.key.length];
        int known = 0;
        for (; known < prefix.length; known++) {
            String column = table.columns.get(table.key[known]);
            Object value = null;
            for (Value each : conditions) {
                if (each instanceof Value.Compare(String operator, Value left, Value right) && operator.equals("=")) {
                    Value other = isColumn(left, alias, column, scopes)
                            ? right
                            : isColumn(right, alias, column, scopes) ? left : null;
                    if (other != null && isKnown(other, scopes, place)) {
                        value = value(other, scopes, rows);
                    }
                }
            }
            if (value == null) {
                break;
            }
            prefix[known] = value;
        }
        TreeMap<Object[], Object[]> mine = own.get(name);
        return SimRows.range(table, mine == null ? new TreeMap<>(SimRows.ORDER) : mine,
                Arrays.copyOf(prefix, known));
    }

    private static boolean isColumn(Value value, String alias, String column, List<Scope> scopes) {
        return value instanceof Value.Column(String of, String name) && name.equals(column)
                && (of.equals(alias) || of.isEmpty() && scopes.size() == 1);
    }

    private static boolean isKnown(Value value, List<Scope> scopes, int place) {
        return switch (value) {
            case Value.Constant _,Value.Parameter _ -> true;
            case Value.Column(String alias, _) ->
                scopes.subList(0, place).stream().anyMatch(scope -> scope.alias.equals(alias));
            default -> false;
        };
    }

    private void sort(List<Object[][]> found, List<Value> order, List<Scope> scopes) throws SQLException {
        if (order.isEmpty() || found.size() < 2) {
            return;
        }
        Map<Object[][], Object[]> keys = new java.util.IdentityHashMap<>();
        for (Object[][] rows : found) {
            Object[] key = new Object[order.size()];
            for (int i = 0; i < key.length; i++) {
                Object value = value(order.get(i), scopes, rows);
                key[i] = value == null ? SimRows.TOP : value;
            }
            keys.put(rows, key);
        }
        found.sort((one, other) -> SimRows.ORDER.compare(keys.get(one), keys.get(other)));
    }

    // ---- values ----

    private boolean holds(List<Value> conditions, List<Scope> scopes, Object[]... rows) throws SQLException {
        for (Value each : conditions) {
            if (!Boolean.TRUE.equals(value(each, scopes, rows))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object value(Value value, List<Scope> scopes, Object[]... rows) throws SQLException {
        return switch (value) {
            case Value.Constant(Object constant) -> constant;
            case Value.Parameter(int place) -> parameters[place];
            case Value.Column(String alias, String name) -> column(alias, name, scopes, rows);
            case Value.Plus(Value left, Value right) ->
                (Long) Objects.requireNonNull(value(left, scopes, rows))
                        + (Long) Objects.requireNonNull(value(right, scopes, rows));
            case Value.Compare(String operator, Value left, Value right) ->
                compare(operator, value(left, scopes, rows), value(right, scopes, rows));
            case Value.Or(List<Value> any) -> {
                boolean holds = false;
                for (Value each : any) {
                    holds |= Boolean.TRUE.equals(value(each, scopes, rows));
                }
                yield holds;
            }
            case Value.And(List<Value> all) -> holds(all, scopes, rows);
            case Value.Aggregate(String what, _) -> throw new SQLException("no function " + what, "42883");
        };
    }

    private static @Nullable Object column(String alias, String name, List<Scope> scopes, Object[]... rows)
            throws SQLException {
        for (int i = 0; i < scopes.size(); i++) {
            Scope scope = scopes.get(i);
            if (!alias.isEmpty() && !alias.equals(scope.alias) || rows[i] == null) {
                continue;
            }
            int place = scope.table == null
                    ? Integer.parseInt(name.substring("column".length())) - 1
                    : scope.table.columns.indexOf(name);
            if (place >= 0) {
                return rows[i][place];
            }
        }
        throw new SQLException("column " + alias + "." + name + " does not exist", "42703");
    }

    private static @Nullable Object compare(String operator, @Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return null;
        }
        int order = SimRows.compare(left, right);
        return switch (operator) {
            case "=" -> order == 0;
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private @Nullable Object aggregate(Value.Aggregate aggregate, List<Object[][]> found, List<Scope> scopes)
            throws SQLException {
        if (aggregate.what().equals("count")) {
            return (long) found.size();
        }
        Object best = null;
        for (Object[][] rows : found) {
            Object value = value(Objects.requireNonNull(aggregate.of()), scopes, rows);
            if (value != null && (best == null
                    || SimRows.compare(value, best) < 0 == aggregate.what().equals("min"))) {
                best = value;
            }
        }
        return best;
    }

    private static int place(Table table, String column) throws SQLException {
        int place = table.columns.indexOf(column);
        if (place < 0) {
            throw new SQLException("column \"" + column + "\" does not exist", "42703");
        }
        return place;
    }
}
