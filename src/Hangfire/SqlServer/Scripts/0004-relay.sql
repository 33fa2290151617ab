-- Of a relayed request: method, path, query and headers, as JSON.
ALTER TABLE inputs ADD head nvarchar(max) NULL;
