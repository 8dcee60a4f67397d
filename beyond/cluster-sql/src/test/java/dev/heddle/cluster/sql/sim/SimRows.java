package dev.heddle.cluster.sql.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tables as they were committed: one copy of the data, of the server that takes changes or of a standby. */
final class SimRows {

    /** Is above each value of a key. */
    static final Object TOP = new Object();

    /** Orders keys by their values; a part of a key stands before what it begins. */
    static final Comparator<Object[]> ORDER = SimRows::compareKeys;

    /** A table: the names of its columns, which of them are the key, and the rows by key. */
    static final class Table {

        final List<String> columns;
        final int[] key;
        final TreeMap<Object[], Object[]> rows = new TreeMap<>(ORDER);

        Table(List<String> columns, int[] key) {
            this.columns = columns;
            this.key = key;
        }

        Object[] keyOf(Object[] row) {
            Object[] of = new Object[key.length];
            for (int i = 0; i < key.length; i++) {
                of[i] = row[key[i]];
            }
            return of;
        }
    }

    /** What a transaction does to a row, or to a table if there is no key. */
    record Change(String table, Object @Nullable [] key, Object @Nullable [] row, @Nullable Table made) {}

    private final Map<String, Table> tables = new HashMap<>();

    @Nullable Table table(String name) {
        return tables.get(name);
    }

    /** The same rows; a row is never changed in its place. */
    SimRows copy() {
        var copy = new SimRows();
        tables.forEach((name, table) -> {
            var other = new Table(table.columns, table.key);
            other.rows.putAll(table.rows);
            copy.tables.put(name, other);
        });
        return copy;
    }

    /** A transaction takes place. */
    void apply(List<Change> changes) {
        for (Change each : changes) {
            if (each.key != null) {
                Table table = tables.get(each.table);
                if (table == null) {
                    continue;
                }
                if (each.row == null) {
                    table.rows.remove(each.key);
                } else {
                    table.rows.put(each.key, each.row);
                }
            } else if (each.made == null) {
                tables.remove(each.table);
            } else {
                tables.put(each.table, new Table(each.made.columns, each.made.key));
            }
        }
    }

    /** The rows whose keys begin with some values, those of a transaction's own changes instead of the committed ones. */
    static List<Object[]> range(Table table, TreeMap<Object[], Object[]> own, Object[] prefix) {
        if (prefix.length == table.key.length) {
            Object[] mine = own.get(prefix);
            Object[] row = mine != null ? mine : table.rows.get(prefix);
            return row == null || row.length == 0 ? List.of() : List.<Object[]>of(row);
        }
        Object[] end = Arrays.copyOf(prefix, prefix.length + 1);
        end[prefix.length] = TOP;
        var committed = table.rows.subMap(prefix, end);
        if (own.isEmpty()) {
            return new ArrayList<>(committed.values());
        }
        var merged = new TreeMap<Object[], Object[]>(committed);
        merged.putAll(own.subMap(prefix, end));
        List<Object[]> rows = new ArrayList<>(merged.values());
        rows.removeIf(row -> row.length == 0);
        return rows;
    }

    private static int compareKeys(Object[] one, Object[] other) {
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            int order = compare(one[i], other[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.length, other.length);
    }

    static int compare(Object one, Object other) {
        if (one == TOP || other == TOP) {
            return one == other ? 0 : one == TOP ? 1 : -1;
        }
        return one instanceof Long number
                ? Long.compare(number, ((Number) other).longValue())
                : ((String) one).compareTo((String) other);
    }
}
