package dev.heddle.cluster.sql;

import dev.heddle.cluster.sql.SqlFailure.Fate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and the steps from each version of them to the next. */
public final class SqlSchema {

    private final SqlDialect dialect;

    /** The tables in a database. */
    public SqlSchema(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /** The statements that make the tables as they are now. */
    public List<String> statements() {
        return steps().stream().flatMap(List::stream).map(this::inWords).toList();
    }

    /** What one version adds to the one before. A step that was published never changes. */
    private static List<List<String>> steps() {
        return List.of(List.of(
                // Says which tables these are.
                "create table S.heddle (version bigint not null)",
                "insert into S.heddle (version) values (1)",
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
                "create index entries_owner on S.entries (owner) where owner <> 0",
                // The history that watches read.
                "create table S.changes (cluster TEXT not null, stamp bigint not null, directory TEXT not null,"
                        + " name TEXT not null, deleted bigint not null,"
                        + " primary key (cluster, stamp, directory, name))"));
    }

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

    /** Makes the tables, or brings them to the version of now. Changes nothing if they are of it. */
    void make(SqlLine line) throws SQLException {
        Connection connection = line.open();
        dialect.lockSchema(connection);
        try (Statement statement = connection.createStatement()) {
            int version = dialect.hasTable(connection, "heddle") ? version(statement) : 0;
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
            if (version > 0 && version < now) {
                statement.execute(in("update S.heddle set version = " + now));
            }
        }
    }

    private int version(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(in("select version from S.heddle"))) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }
}
