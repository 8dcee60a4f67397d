package dev.heddle.cluster.sql.sim;

import dev.heddle.cluster.sql.SqlDialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The words of the simulated database, for the sessions of one node. */
record SimDialect(SimDatabase database, SimDatabase.SimClient node) implements SqlDialect {

    @Override
    public Connection connect(Duration patience) throws SQLException {
        return SimConnection.open(database, node, patience);
    }

    @Override
    public String server(Connection connection) throws SQLException {
        return connection.unwrap(SimConnection.class).server();
    }

    @Override
    public String schema() {
        return "";
    }

    @Override
    public String bytesType() {
        return "bytea";
    }

    @Override
    public String textType() {
        return "text";
    }

    @Override
    public String changingTable() {
        return "";
    }

    @Override
    public String forUpdate() {
        return " for update";
    }

    @Override
    public String forUpdateOfFree() {
        return " for update";
    }

    @Override
    public boolean takesArrays() {
        return false;
    }

    @Override
    public List<String> inbox() {
        return List.of("create table inbox (id bigint primary key)");
    }

    @Override
    public String millis(String column) {
        return column;
    }

    @Override
    public String time(String millis) {
        return millis;
    }

    @Override
    public String text(String column) {
        return column;
    }

    @Override
    public String json(String column) {
        return column;
    }

    @Override
    public String field(String json, String path) {
        return json;
    }

    @Override
    public String plainName(String column) {
        return column;
    }

    @Override
    public String jsonType() {
        return "text";
    }

    @Override
    public boolean copy(Connection connection, String table, List<Column> columns, List<Object[]> rows) {
        return false;
    }

    @Override
    public String explainInsert(SQLException failure) {
        return explain(failure);
    }

    @Override
    public String andNotify() {
        return " returning pg_notify('heddle', name)";
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock heddle");
        }
    }

    @Override
    public boolean hasTable(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("show " + table);
                ResultSet rows = query.executeQuery()) {
            return rows.next();
        }
    }

    @Override
    public void makeSchema(Connection connection) {
        // There is one.
    }

    @Override
    public ChangeListener listen(Connection connection, String cluster) throws SQLException {
        return connection.unwrap(SimConnection.class).listen(cluster);
    }

    @Override
    public void committed() {
        // The transaction notifies.
    }

    @Override
    public boolean wasRolledBack(SQLException failure) {
        return false;
    }

    @Override
    public boolean isLasting(SQLException failure) {
        String state = Objects.requireNonNullElse(failure.getSQLState(), "");
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "0A", "22", "23", "26", "28", "3D", "3F", "42", "54" -> true;
            case "53" -> state.equals("53100");
            default -> false;
        };
    }

    @Override
    public String explain(SQLException failure) {
        return failure.getSQLState() + ": " + failure.getMessage();
    }

    @Override
    public String toString() {
        return "a simulated database from " + node;
    }
}
