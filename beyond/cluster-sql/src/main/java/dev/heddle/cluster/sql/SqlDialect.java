package dev.heddle.cluster.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * SQL dialect: what one database says in its own way.
 *
 * <p>Threads: any.
 */
public interface SqlDialect {

    /**
     * A new connection that commits each statement, until it is told otherwise.
     *
     * @param patience how long it and each of its statements may wait: for the server, and for a lock
     */
    Connection connect(Duration patience) throws SQLException;

    /**
     * Which server has been connected, and which of its histories it goes on with: another text when a standby was
     * promoted, or a copy brought back. Empty if nobody can tell. Fails if the server takes no changes.
     */
    String server(Connection connection) throws SQLException;

    /** What stands before the name of a table: a schema and a dot, or a word and {@code _}. */
    String schema();

    /** The type of bytes. */
    String bytesType();

    /** The type of texts that are sorted by their characters' numbers. */
    String textType();

    /** What stands behind a table whose rows change often. */
    String changingTable();

    /** What stands behind a query for rows that nobody else may change until the transaction ends. */
    String forUpdate();

    /** The same, but for those that somebody else is about to change. */
    String forUpdateOfFree();

    /**
     * Whether statements may take arrays, change several tables at once, and be followed by a {@code commit} in one text:
     * each trip to the database counts.
     */
    boolean takesArrays();

    /** What stands behind the statement that raises a cluster's stamp. It may contain quotes, no parameters. */
    String andNotify();

    /** Begins what only one connection does at a time, up to the end of its transaction. */
    void lockSchema(Connection connection) throws SQLException;

    /** Whether there is a table of this name in the schema. */
    boolean hasTable(Connection connection, String table) throws SQLException;

    /** Makes the schema, if that is needed and it is not there. */
    void makeSchema(Connection connection) throws SQLException;

    /** Begins to listen for changes of a cluster. */
    ChangeListener listen(Connection connection, String cluster) throws SQLException;

    /**
     * The statements that make the inbox: the table {@code S.inbox} of the columns id, which rises, cluster, queue, name,
     * payload, job, priority, options, and at. All but the first and the three after it have defaults.
     */
    List<String> inbox();

    /** A column of a time, in milliseconds since 1970. */
    String millis(String column);

    /** A time of milliseconds since 1970, as people read it. */
    String time(String millis);

    /** A column of bytes as text; null where it is none, if that can be told. */
    String text(String column);

    /** A column of bytes as JSON; null where it is none. */
    String json(String column);

    /** A field of JSON as text, by its names with dots between; null if there is none. */
    String field(String json, String path);

    /** A column of names of entries as the texts that they stand for, as far as that is common. */
    String plainName(String column);

    /** The type of JSON. */
    String jsonType();

    /**
     * Inserts many rows by one statement, in the connection's transaction.
     *
     * @param columns of the table, with their types
     * @return false if that is not possible by this connection, and nothing was done
     */
    boolean copy(Connection connection, String table, List<Column> columns, List<Object[]> rows) throws SQLException;

    /** A column of a table, and what is in it: a text, bytes, a small number, or JSON. */
    record Column(String name, Content content) {}

    /** What is in a column. */
    enum Content {
        /** A {@code String}. */
        TEXT,
        /** A {@code byte[]}. */
        BYTES,
        /** An {@code Integer} that has two bytes in the table. */
        SMALL,
        /** A {@code String}. */
        JSON
    }

    /** Called by whoever has committed a change. */
    void committed();

    /** Whether the database has answered that a transaction did not take place, when its commit was asked for. */
    boolean wasRolledBack(SQLException failure);

    /** Whether another try of the same would fail alike. */
    boolean isLasting(SQLException failure);

    /** What is wrong and what to do, for a person. */
    String explain(SQLException failure);

    /** What is wrong with a connection of somebody else that was to insert into the inbox, and what to do. */
    String explainInsert(SQLException failure);

    /**
     * What may have come.
     *
     * @param stamp up to which there may be changes
     * @param topics of which rows may be in the inbox
     */
    record News(long stamp, Set<String> topics) {

        /** None, as far as one can tell. */
        public static final News NONE = new News(0, Set.of());

        /** Whatever there is. */
        public static final News ANY = new News(Long.MAX_VALUE, Set.of(ChangeListener.ANY_TOPIC));
    }

    /** A connection that is told of changes. Not for several threads. */
    interface ChangeListener {

        /** The topic that stands for all of them. */
        String ANY_TOPIC = "";

        /**
         * Waits until there may be changes that have come since the call before, or for the time.
         *
         * @param told the stamp up to which all changes are known
         */
        News await(long millis, LongSupplier told) throws SQLException, InterruptedException;
    }
}
