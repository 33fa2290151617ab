-- Of a relayed request: method, path, query and headers, as JSON.
ALTER TABLE inputs ADD COLUMN head text;
