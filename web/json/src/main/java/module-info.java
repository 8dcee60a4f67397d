/** JSON for the HTTP server and client, on Jackson. */
module dev.heddle.json {
    requires transitive dev.heddle.http;
    requires transitive tools.jackson.databind;
    requires transitive jakarta.validation; // whose annotations say the rules of records
    requires static org.jspecify;

    exports dev.heddle.json;

    provides dev.heddle.http.JsonCodec with
            dev.heddle.json.JacksonCodec;
}
