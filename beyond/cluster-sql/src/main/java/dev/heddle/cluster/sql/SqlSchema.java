package dev.heddle.cluster.sql;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.cluster.sql.SqlFailure.Fate;
import dev.heddle.cluster.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables, and the steps from each version of them to the next. */
public final class SqlSchema {

    /** Of a person who makes the tables. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SqlDialect dialect;

    /** The tables in a database. */
    public SqlSchema(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /** The statements that make the tables as they are now, each with a semicolon and a line of its own. */
    public String sql() {
        return Stream.concat(steps().stream().flatMap(List::stream), Stream.of(versionIsNow()))
                .map(this::inWords)
                .collect(Collectors.joining(";\n", "", ";\n"));
    }

    /** What one version adds to the one before. A step that was published never changes. */
    private List<List<String>> steps() {
        List<String> inbox = new ArrayList<>(dialect.inbox());
        inbox.add("create index heddle_inbox_next on S.inbox (cluster, queue, priority desc, id)");
        inbox.add("create index heddle_inbox_job on S.inbox (cluster, queue, job)");
        inbox.add(jobs());
        return List.of(FIRST, inbox);
    }

    /** A view for people: a row for each job that is known, or in the inbox. */
    private String jobs() {
        return "create view S.jobs as"
                // Those that have not ended.
                + " select e.cluster as cluster, " + queue() + " as queue, " + name("e.name") + " as id, "
                + text("name") + " as kind, case when " + text("dead") + " is not null then 'dead'"
                + " when r.name is not null then 'running' else 'waiting' end as status, "
                + number("attempts") + " as attempts, " + number("priority") + " as priority, "
                + time("submittedAtMillis") + " as submitted, " + time("readyAtMillis") + " as ready, "
                + dialect.time("null") + " as ended, " + error() + " as error, "
                + dialect.text("v.value") + " as payload, null as result" + from("open")
                + " left join S.entries r on r.cluster = e.cluster and r.directory = e.place || 'running'"
                + " and r.name = e.name"
                // Those that have, but for dead letters.
                + " union all select e.cluster, " + queue() + ", " + name("e.name") + ", " + text("name") + ", "
                + text("status") + ", " + number("attempts") + ", null, " + time("submittedAtMillis") + ", "
                + dialect.time("null") + ", " + time("endedAtMillis") + ", " + error() + ", null, "
                + dialect.text("v.value") + from("ended") + " where " + text("status") + " <> 'dead'"
                // Those that no node has taken in yet.
                + " union all select cluster, queue, job, name, 'inbox', 0, priority, "
                + dialect.time(dialect.millis("at")) + ", " + dialect.time("null") + ", " + dialect.time("null")
                + ", null, " + dialect.text("payload") + ", null from S.inbox";
    }

    /** The entries of a kind of directory as {@code e}, each with its form, and the payload or result as {@code v}. */
    private String from(String kind) {
        return " from (select cluster, name, substr(directory, 1, length(directory) - " + kind.length()
                + ") as place, " + dialect.json("value") + " as form from S.entries where directory like 'jobs/%/"
                + kind
                + "') as e left join S.entries v on v.cluster = e.cluster and v.directory = e.place || 'record'"
                + " and v.name = e.name";
    }

    /** The name of a queue, in the middle of {@code jobs/Q/}. */
    private String queue() {
        return name("substr(e.place, 6, length(e.place) - 6)");
    }

    private String name(String column) {
        return dialect.plainName(column);
    }

    private String error() {
        return text("failure.type") + " || coalesce(nullif(': ' || " + text("failure.message") + ", ': '), '')";
    }

    private String text(String field) {
        return dialect.field("e.form", field);
    }

    private String number(String field) {
        return "coalesce(cast(" + text(field) + " as integer), 0)";
    }

    private String time(String field) {
        return dialect.time("cast(" + text(field) + " as bigint)");
    }

    private String versionIsNow() {
        return "insert into S.version (version) values (" + steps().size() + ")";
    }

    private static final List<String> FIRST = List.of(
            // Says which tables these are.
            "create table S.version (version bigint not null)",
            // A cluster: its last stamp, the one up to which its history is forgotten; the server, the one before,
            // and the last stamp that this one has of that.
            "create table S.clusters (name TEXT not null primary key, stamp bigint not null,"
                    + " forgotten bigint not null, server TEXT not null, server_before TEXT not null,"
                    + " turned bigint not null) CHANGING",
            // A session: what rises while it lives, the last group of commits, and the first that may come.
            "create table S.sessions (id bigint not null primary key, cluster TEXT not null,"
                    + " timeout_millis bigint not null, beat bigint not null, applied bigint not null,"
                    + " fence bigint not null) CHANGING",
            "create table S.entries (cluster TEXT not null, directory TEXT not null, name TEXT not null,"
                    + " value BYTES not null, version bigint not null, created bigint not null,"
                    + " changed bigint not null, owner bigint not null, primary key (cluster, directory, name))"
                    + " CHANGING",
            "create index heddle_entries_owner on S.entries (owner) where owner <> 0",
            // The history that watches read.
            "create table S.changes (cluster TEXT not null, stamp bigint not null, keys text not null,"
                    + " primary key (cluster, stamp))");

    private String inWords(String statement) {
        return in(statement)
                .replace("TEXT", dialect.textType())
                .replace("BYTES", dialect.bytesType())
                .replace(" CHANGING", dialect.changingTable());
    }

    /** A statement about the tables, which are called {@code S.} and their name. */
    String in(String statement) {
        return statement.replace("S.", dialect.schema());
    }

    /**
     * Makes the tables outside of a session; in a task.
     *
     * @throws StoreUnavailableException if it does not succeed
     */
    public void make() {
        var line = new SqlLine(dialect, PATIENCE);
        try {
            Heddle.offload(() -> line.transaction(each -> {
                make(each);
                return true;
            }));
        } catch (SqlFailure e) {
            CancelScope.throwIfCancelled();
            throw new StoreUnavailableException("no tables in " + dialect + ": " + e.getMessage(), e);
        } finally {
            line.close();
        }
    }

    /** Makes the tables, or brings them to the version of now. Changes nothing if they are of it. */
    void make(SqlLine line) throws SQLException {
        Connection connection = line.open();
        dialect.lockSchema(connection);
        try (Statement statement = connection.createStatement()) {
            int version = dialect.hasTable(connection, "version") ? version(statement) : 0;
            int now = steps().size();
            if (version > now) {
                throw new SqlFailure(Fate.LASTING, "the tables are of version " + version
                        + ", from a newer Heddle; this one knows " + now + ": update it", null);
            }
            if (version == 0) {
                dialect.makeSchema(connection);
            }
            for (List<String> step : steps().subList(version, now)) {
                for (String each : step) {
                    statement.execute(inWords(each));
                }
            }
            if (version < now) {
                statement.execute(in(version == 0 ? versionIsNow() : "update S.version set version = " + now));
            }
        }
    }

    private int version(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(in("select version from S.version"))) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }
}
